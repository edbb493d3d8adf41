"""Hostile feeds by the thousand: none crashes us, none gets anything active or ill-formed into our feeds.

make hostile    # 10,000 of them; prints what they cost
"""

import time

import pytest

from syndicate.errors import KilledError, UnreadableError
from syndicate.ingest.sandbox import Sandbox
from tests.faults import hostile, intake
from tests.faults.metered import CPU_SECONDS, MEGABYTES, Metered

_COUNT = len(hostile.families())
_PORTION = 250


def test_there_are_families_enough_and_they_repeat() -> None:
    """At least 25 sorts of hostility, each number always the same payload."""
    assert _COUNT >= 25
    for number in range(_COUNT):
        assert hostile.generate(number) == hostile.generate(number)
    assert hostile.generate(0).payload != hostile.generate(_COUNT).payload


@pytest.mark.parametrize(
    "numbers",
    [
        pytest.param(range(2 * _COUNT), id="short"),
        *(
            pytest.param(range(start, start + _PORTION), id=f"from-{start}", marks=pytest.mark.long)
            for start in range(0, 10_000, _PORTION)
        ),
    ],
)
def test_hostile_feeds_do_no_harm(numbers: range, sandbox: Sandbox) -> None:
    """Each is read, refused or killed within its limits; what is published of it is safe and strictly well-formed."""
    metered = Metered(sandbox)
    for number in numbers:
        one = hostile.generate(number)
        where = f"{number} ({one.family})"
        try:
            taken = intake.take_in(metered, one.payload)
        except UnreadableError:
            continue
        except KilledError as error:
            assert "crashed" not in str(error), f"{where}: {error} {error.__notes__}"
            continue
        assert not [reason for reason in taken.rejected if "unexpected" in reason], where
        started = time.process_time()
        feeds = intake.feeds_of(taken.articles)
        assert time.process_time() - started < 2, where
        assert intake.wrong_with(taken.articles, feeds) == [], where
    assert max(metered.calls) <= CPU_SECONDS + 0.1  # the timer of the kernel counts in steps
    assert metered.peak <= MEGABYTES
    calls = sorted(metered.calls)
    print(
        f"{numbers}: {len(calls)} calls, {metered.kills} killed; CPU {calls[len(calls) // 2]:.4f} s in the middle, "
        f"{calls[int(0.99 * len(calls))]:.2f} s for 99 %; at most {metered.peak:.0f} MB",
        flush=True,
    )
