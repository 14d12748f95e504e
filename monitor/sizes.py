"""How large one thing in a capture may be before it is refused: each limit has a number and a name to set it by."""

from dataclasses import dataclass

DEEPEST = 500  # beyond, readers that work by recursion are no longer safe


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Limits of what is read; what lies beyond is a counted reject that names the limit.

    `line` is the longest line in bytes, `depth` how deep JSON may be nested, `columns` how many columns a row (and all
    rows together) may have, `values` how many values a JSON text that has to be read by itself may hold. `unpacked`:
    how many times its own size a packed file may grow to, once past 1 GiB.
    """

    line: int = 64 << 20
    depth: int = 100
    columns: int = 10_000
    values: int = 1_000_000
    unpacked: int = 200

    def __post_init__(self) -> None:
        bounds = {"line": 1 << 30, "depth": DEEPEST, "columns": 1 << 20, "values": 1 << 26, "unpacked": 1 << 20}
        for name, most in bounds.items():
            value = getattr(self, name)
            if not 1 <= value <= most:
                raise ValueError(f"{name} is {value}; 1 to {most} would be right")


STANDARD = Sizes()
