"""Syndicate: a publisher's outbound wire. Takes articles in, makes them clean, publishes per-topic feeds."""
