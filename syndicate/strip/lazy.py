"""Attributes that are made when they are first asked for."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class lazy(Generic[T]):  # noqa: N801 - used as a decorator, like `property`
    """A property that is computed once for each object, and then stands in the object's dictionary.

    `functools.cached_property` does the same, but takes a lock before Python 3.12, which costs more than most of what
    is computed here.
    """

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self._compute = compute
        self._name = compute.__name__
        self.__doc__ = compute.__doc__

    def __get__(self, instance: Any, owner: type) -> T:
        """Compute the value and keep it: next time the object's own attribute is found first."""
        value = instance.__dict__[self._name] = self._compute(instance)
        return value
