"""Which two addresses are the same picture."""

import pytest

from syndicate.model import Image
from syndicate.normalize.pictures import picture_key, unique

WHOLE = "https://lake.example/up/mill.jpg"


@pytest.mark.parametrize(
    "copy",
    [
        "https://lake.example/up/mill-scaled.jpg",
        "https://lake.example/up/mill-rotated.jpg",
        "https://lake.example/up/mill-1024x683.jpg",
        "https://i0.wp.com/lake.example/up/mill.jpg?resize=1024%2C683&ssl=1",
        "https://i2.wp.com/lake.example/up/mill-scaled.jpg?w=640",
    ],
)
def test_sizes_of_one_picture_are_one(copy):
    """What WordPress makes of an upload, and Jetpack's copy of that, is the upload; another file is not."""
    assert picture_key(copy) == picture_key(WHOLE) != picture_key(copy.replace("mill", "weir"))


def test_the_largest_copy_has_what_any_knows():
    """A featured picture that was scaled down has the caption and credit of its smaller copy in the body."""
    featured = Image("https://lake.example/up/mill-scaled.jpg", width=2560, height=1707)
    shown = Image("https://i0.wp.com/lake.example/up/mill.jpg?w=1024", "The mill.", "Ann Lee", width=1024, height=683)
    [one] = unique([featured, shown])
    assert (one.url, one.caption, one.credit) == (featured.url, shown.caption, shown.credit)
