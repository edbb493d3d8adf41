"""Taking articles in: fetch, read, plan, store."""
