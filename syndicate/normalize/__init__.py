"""An entry becomes an article."""
