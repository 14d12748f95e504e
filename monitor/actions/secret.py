"""Secret: a text that no message, log or repr shows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """`text` is for the wire only; shown, it is three stars whatever it is.

    >>> str(Secret("hunter2")), repr([Secret("hunter2")]), f"{Secret('hunter2')}"
    ('***', '[Secret(***)]', '***')
    """

    text: str

    def __str__(self) -> str:
        return "***"

    def __repr__(self) -> str:
        return "Secret(***)"
