"""Stripping: an article's body without boilerplate, and a record of everything that was taken out.

`article.py` is the room's door. It is pure: what is known of the source comes in as a `Memory`, what an admin ruled as
`Rulings`, and the cleaned article goes out.
"""
