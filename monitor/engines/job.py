"""Job: what all splits of a reading have in common, told to every worker."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeAlias

from monitor import formats
from monitor.batch import Expected
from monitor.child.limits import Limits
from monitor.condition import Condition
from monitor.decode.format import Format
from monitor.decode.layout import Layout
from monitor.decode.mapped import format_of
from monitor.engines.split import Files, Split
from monitor.feature import Categorical
from monitor.measures.joint import pairing
from monitor.measures.window import emptied, unasked
from monitor.profile import Profile
from monitor.reading import Reading
from monitor.roles import Roles
from monitor.selection import Selection
from monitor.sizes import Sizes
from monitor.window import Window

Form: TypeAlias = str | Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What a selection is made of."""

    window: Window | None
    closed: tuple[Window, ...]
    slack: timedelta
    column: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """How files are read: what the baseline says of the columns, the format by name or layout, and which records."""

    names: tuple[str, ...]
    whole: tuple[str, ...]
    texts: frozenset[str]
    header: str
    sizes: Sizes
    format: Form
    called: str
    chosen: Chosen | None

    def reading(self, files: Files) -> Reading:
        """The same files' reading, here."""
        selection = None
        if self.chosen is not None:
            of = self.chosen
            selection = Selection(of.window, of.closed, slack=of.slack, column=of.column)
        expected = Expected(
            names=self.names,
            whole=self.whole,
            texts=self.texts,
            header=self.header,
            sizes=self.sizes,
            selection=selection,
        )
        form = self.format if isinstance(self.format, str) else format_of(self.format, self.called)
        reading = Reading(files, expected, form)
        reading.name = self.called
        return reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Splits, and what is done with each: read, transformed, measured on the cells of `base`, which counts nothing."""

    splits: tuple[Split, ...]
    base: Profile
    read: Read
    roles: Roles
    where: Condition | None
    transforms: tuple[tuple[str, str], ...]
    limits: Limits


def read_as(reading: Reading) -> Read | None:
    """How a reading reads; None where its format is known to this process alone."""
    form = _form(reading)
    if form is None:
        return None
    expected, selection = reading.expected, reading.expected.selection
    chosen = None
    if selection is not None:
        chosen = Chosen(
            window=selection.window, closed=selection.closed, slack=selection.slack, column=selection.column
        )
    return Read(
        names=expected.names,
        whole=expected.whole,
        texts=expected.texts,
        header=expected.header,
        sizes=expected.sizes,
        format=form,
        called=reading.name,
        chosen=chosen,
    )


def blank(base: Profile) -> Profile:
    """The cells of a baseline with nothing counted in them."""
    features = {name: emptied(feature) for name, feature in base.features.items()}
    return Profile(features=features, joint=pairing(base), quality=unasked(base))


def bare(now: Profile) -> Profile:
    """What was counted, without what the baseline knows too."""
    return replace(
        now,
        features={
            name: replace(feature, values=(), known=())
            if isinstance(feature, Categorical)
            else replace(feature, cuts=feature.cuts[:0])
            for name, feature in now.features.items()
        },
    )


def _form(reading: Reading) -> Form | None:
    if not isinstance(reading.chosen, Format):
        return "auto"
    if formats.known().get(reading.name) is reading.chosen:
        return reading.name
    return reading.chosen.layout
