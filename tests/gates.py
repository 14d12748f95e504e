"""A rule of a user that waits in the middle of a window until a test lets it through."""

import time
from dataclasses import dataclass
from pathlib import Path

RULE = '''"""Waits."""
import time
from pathlib import Path

from monitor import Finding, Numeric, at_most, rule


@rule
def gate(now: Numeric, base: Numeric, *, place: str = "") -> Finding:
    """Violated never: waits until the file `open` is in the folder `place`."""
    Path(place, "reached").touch()
    while not Path(place, "open").exists():
        time.sleep(0.02)
    return at_most(0.5, 1.0, why="let through")
'''


@dataclass(frozen=True)
class Gate:
    """A gate of its own for each monitor that is to wait."""

    folder: Path
    name: str

    def __post_init__(self) -> None:
        self.place.mkdir(parents=True, exist_ok=True)
        rules = self.folder / "rules"
        rules.mkdir(exist_ok=True)
        (rules / "gate.py").write_text(RULE)

    @property
    def place(self) -> Path:
        return self.folder / "gates" / self.name

    @property
    def check(self) -> str:
        """What stands in `checks`."""
        return f"{{rule: gate, place: {self.place}, features: [age]}}"

    def reached(self, seconds: float = 60.0) -> None:
        """Wait until a window stands before the gate that was not seen there yet."""
        until = time.monotonic() + seconds
        while not (self.place / "reached").exists():
            assert time.monotonic() < until, "nobody came to the gate"
            time.sleep(0.02)
        (self.place / "reached").unlink()

    def open(self) -> None:
        """Let everybody through from now on."""
        (self.place / "open").touch()
