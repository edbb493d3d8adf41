"""Numbers as sources write them."""


def number(value: object) -> int:
    """A count out of whatever a source wrote; 0 where it is no plain number."""
    text = str(value if value is not None else "").strip().removesuffix("px")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def pixels(value: object) -> int | None:
    """A width or height in pixels; None where there is no sensible number."""
    size = number(value)
    return size if 0 < size < 100_000 else None
