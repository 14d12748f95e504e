"""What can be wrong with the set-up. Bad data is never an exception: it is a count or a finding."""


class MonitorError(Exception):
    """Something a person must put right; the message names the thing, the value, the place and the cure."""


class InputError(MonitorError):
    """A path that does not exist, a file that cannot be read, a format nobody knows."""


class SourceError(MonitorError):
    """A source that broke off while it was read: nothing is judged on half of the data; it may be tried again."""


class BaselineError(MonitorError):
    """A baseline that is missing, unreadable, or of a later format."""


class UnreachableInput(InputError, SourceError):
    """Captures in a store that does not answer, or refuses: the place may be right, and a later try may do."""


class UnreachableBaseline(BaselineError, SourceError):
    """A baseline in a store that does not answer, or refuses: a later try may do."""


class NoHistory(BaselineError):
    """A baseline whose rows had times, from which a monitor cannot learn: they are too coarse, or too short."""


class RuleError(MonitorError):
    """A rule file that cannot be loaded, or a rule of the wrong form."""


class ConfigError(MonitorError):
    """A configuration with mistakes: one line each, with file, line and key."""


class StoreError(MonitorError):
    """A store that cannot be opened, read or written; the message says which, what is wrong and what to do."""


class StoreAway(StoreError):
    """A store that does not answer, or has no room: the set-up may be right, and trying again later may do."""


class Held(StoreError):
    """A store that another daemon holds: nothing is wrong with it, and trying again later may do."""
