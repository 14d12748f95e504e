"""Told: what a script says of itself at its end, as a line of JSON."""

import json
import resource
import time


class Clock:
    """CPU seconds of this process and its children since the last look, by what they went into."""

    def __init__(self) -> None:
        self.parts: dict[str, float] = {}
        self._since = 0.0
        self.spent("importing")

    def spent(self, what: str) -> None:
        """What was used since the last time went into this."""
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = time.process_time() + children.ru_utime + children.ru_stime
        self.parts[what] = used - self._since
        self._since = used

    def tell(self, **facts: object) -> None:
        """The rest was work; say all."""
        self.spent("work")
        print("\n" + json.dumps({**self.parts, **facts}))
