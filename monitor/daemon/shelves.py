"""The baselines that monitors judge against: their versions, what two of them differ in, which is current."""

from contextlib import suppress
from dataclasses import replace
from functools import lru_cache

from monitor import baselines
from monitor.errors import BaselineError, SourceError
from monitor.place import Place
from monitor.render.baseline import differences
from monitor.sources import texts
from monitor.web.details import Shelf, VersionRow

MOST_VERSIONS, REMEMBERED = 10, 512


def shelf(monitor: str, place: Place) -> Shelf:
    """The newest versions that there are, the oldest first."""
    try:
        is_one = texts.is_file(place / baselines.FILES[0])
        names = [place.name] if is_one else list(baselines.versions(place))
        current = place.name if is_one else _current(place)
        shown = names[-MOST_VERSIONS:]
        shown = shown if current in shown or current not in names else [current, *shown]
        rows = [replace(_row(place if is_one else place / name), is_current=name == current) for name in shown]
    except (BaselineError, SourceError) as error:
        return Shelf(monitor=monitor, place=str(place), trouble=str(error))
    return Shelf(
        monitor=monitor, place=str(place), versions=tuple(rows), version_count=len(names), can_promote=not is_one
    )


def _current(place: Place) -> str:
    with suppress(BaselineError):
        return baselines.current(place)
    return ""


@lru_cache(REMEMBERED)
def _row(version: Place) -> VersionRow:
    """A version is never changed, so that it is read once."""
    found = baselines.load(version, with_statistics=False)
    origin = found.provenance
    return VersionRow(
        version=found.version,
        is_current=False,
        digest=found.digest,
        made_at=origin.made_at,
        made_by=origin.made_by,
        made_from=tuple(origin.made_from),
        rows=found.profile.rows,
        features=len(found.profile.features),
    )


def difference(place: Place, first: str, second: str) -> str:
    """What the second version has that the first has not."""
    return differences(*(baselines.load(place, version, with_statistics=False) for version in (first, second)))


def promote(place: Place, version: str) -> tuple[str, str]:
    """Make a version the current one; which was, and which is."""
    if texts.is_file(place / baselines.FILES[0]):
        raise BaselineError(
            f"{place}: is one version, which the monitor names; its folder in `baseline` would be right"
        )
    return _current(place), baselines.promote(place, version)
