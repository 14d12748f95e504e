"""Did captures go on to the end of the window?"""

from collections.abc import Iterator

from monitor import Finding, Profile, at_most, rule


@rule
def freshness(now: Profile, base: Profile, *, max_silence: float = 0.5) -> Iterator[Finding]:  # noqa: ARG001
    """Violated when the last capture lies further from the window's end than `max_silence` of its length.

    No finding where there is no schedule, or captures have no times.
    """
    if now.window is None or now.volume.last is None:
        return
    silence = (now.window.end - now.volume.last) / now.window.length
    yield at_most(silence, max_silence, why=f"last capture at {now.volume.last:%Y-%m-%d %H:%M:%S} UTC")
