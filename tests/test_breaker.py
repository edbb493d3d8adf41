"""The circuit breaker."""

from syndicate.breaker import Breaker


class Clock:
    """A clock that goes when it is told to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_closed_until_it_fails() -> None:
    """Everybody may ask as long as all goes well."""
    breaker = Breaker(1.0, Clock())
    assert all(breaker.may_try() for _ in range(3))
    breaker.succeeded()
    assert breaker.closed


def test_one_probe_for_each_cooldown() -> None:
    """After a failure nobody asks for one cooldown, then one caller, then again nobody."""
    clock = Clock()
    breaker = Breaker(1.0, clock)
    breaker.failed()
    assert not breaker.closed
    assert not breaker.may_try()
    clock.now += 1.0
    assert [breaker.may_try() for _ in range(3)] == [True, False, False]
    clock.now += 1.0
    assert [breaker.may_try() for _ in range(3)] == [True, False, False]


def test_success_closes() -> None:
    """A probe that succeeds lets everybody in again."""
    clock = Clock()
    breaker = Breaker(1.0, clock)
    breaker.failed()
    clock.now += 1.0
    assert breaker.may_try()
    breaker.succeeded()
    assert breaker.closed
    assert breaker.may_try()
