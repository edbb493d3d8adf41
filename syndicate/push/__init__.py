"""Push: who may subscribe to our feeds, and how each new edition comes to them (W3C WebSub, the hub's part)."""
