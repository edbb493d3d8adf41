"""An entry, whatever its source's habits, becomes an article of one shape: `article.py` is the room's door."""
