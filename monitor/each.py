"""Each: how a function is asked of many things; by default one behind the other, as `map` does."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Each(Protocol):
    """As `map` of one argument: answers in order, made as they are asked for or a little ahead."""

    def __call__(self, function: Callable[[Item], Answer], items: Iterable[Item], /) -> Iterator[Answer]: ...
