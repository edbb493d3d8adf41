"""Benchmarks: each is one command that prints what it measured."""
