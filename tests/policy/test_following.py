"""From what is stored: the same state, whatever was kept of it and in which order windows were judged."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from looks import Traffic, layout, plan

from monitor.policy.following import Stored, followed
from monitor.policy.look import Look
from monitor.policy.memory import Memory, unpacked_learned
from monitor.policy.plan import Plan

TO_KEEP = plan(3, learn_for=timedelta(days=3))


def looks(number: int = 90, shifted: int = 4) -> list[Look]:
    traffic = Traffic(TO_KEEP, 7)
    return traffic.looks(number) + traffic.looks(shifted, [0, 0.4, 0])


def stored(given: Sequence[Look], to_keep: Plan = TO_KEEP) -> list[Stored]:
    rows: list[Stored] = []
    for look in given:
        rows += followed(look, needed(rows), [], to_keep).stored
    return rows


def needed(rows: Sequence[Stored]) -> list[Stored]:
    """No more of the windows before than has to be given."""
    if not rows:
        return []
    last, learned = rows[-1], [one for one in rows[:-1] if one.learned][-1:]
    looks = [one for one in rows[:-1] if last.since is not None and one.window.start.isoformat() >= last.since]
    return [*thinned(learned), *thinned(looks), last]


def thinned(rows: Sequence[Stored], *keep: int) -> list[Stored]:
    """Only these memories are left."""
    return [
        Stored(window=one.window, look=one.look, learned=one.learned, since=one.since,
               memory=one.memory if number in keep else b"")
        for number, one in enumerate(rows)
    ]  # fmt: skip


def test_a_memory_made_again_from_earlier_ones_is_the_same_to_the_bit() -> None:
    given = looks()
    whole = stored(given)
    for keep in ((92,), (80,), (10,), ()):
        again = followed(given[-1], thinned(whole[:-1], *keep), [], TO_KEEP)
        assert again.stored[0].memory == whole[-1].memory


def test_only_what_is_needed_has_to_be_given() -> None:
    given = looks(100)
    whole = stored(given)
    assert len(needed(whole[:-1])) < len(whole) - 1
    for number in (40, 75, len(given) - 1):
        assert followed(given[number], whole[:number], [], TO_KEEP).stored[0] == whole[number]


@pytest.mark.parametrize("late", [1, 40, 71, 90])
def test_a_window_judged_again_gives_what_it_would_have_given_in_time(late: int) -> None:
    given = looks()
    other = Traffic(TO_KEEP, 99)
    other.number = late
    first = [*given[:late], other.look(), *given[late + 1 :]]
    rows = stored(first)
    again = followed(given[late], rows[:late], rows[late + 1 :], TO_KEEP)
    right = stored(given)
    assert [one.memory for one in again.stored] == [one.memory for one in right[late:]]
    known = {one.window: one.learned for one in [*rows[:late], *again.stored] if one.learned}
    last = {one.window: one.learned for one in right if one.learned}
    assert known[max(known, key=lambda w: w.end)] == last[max(last, key=lambda w: w.end)]


def test_a_replay_says_whether_what_is_open_has_changed() -> None:
    given = looks()
    rows = stored(given)
    assert not followed(given[50], rows[:50], rows[51:], TO_KEEP).changed
    loud = Traffic(TO_KEEP, 5).looks(1, [0, 3.0, 0])[0]
    loud = replace(loud, window=given[88].window)
    found = followed(loud, rows[:88], rows[89:90], TO_KEEP)
    assert found.changed
    assert found.newest is not None
    assert [m.feature for m in found.newest.movements if m.status == "violated"] == ["x1"]


def test_another_baseline_begins_anew() -> None:
    rows = stored(looks())
    other = plan(3, layout=layout(3, digest="another"), learn_for=timedelta(days=3))
    found = followed(Traffic(other, 1).look(), rows, [], other)
    assert found.verdict.phase == "learning"
    assert found.verdict.seen == 1


def test_bytes_are_small_and_come_back() -> None:
    rows = stored(looks())
    memory = Memory.unpacked(rows[-1].memory)
    assert memory.packed() == rows[-1].memory
    learned = [one.learned for one in rows if one.learned]
    assert np.isfinite(unpacked_learned(learned[-1]).centre).all()
    assert len(Look.unpacked(rows[0].look).counts) == 36
    assert len(rows[0].look) < 400
    with pytest.raises(ValueError, match="no packed arrays"):
        Memory.unpacked(b"garbage")


def test_only_memories_that_are_kept_are_made_into_bytes() -> None:
    given = looks(20, 0)
    whole = stored(given)
    later = [Stored(window=one.window, look=one.look) for one in whole[6:]]
    every = followed(given[5], whole[:5], later, TO_KEEP)
    some = followed(given[5], whole[:5], later, TO_KEEP, kept=lambda windows: [*windows][-2:])
    assert [one.window for one in some.stored if one.memory] == [given[18].window, given[19].window]
    assert [one.memory for one in some.stored[-2:]] == [one.memory for one in every.stored[-2:]]
    assert all(one.memory for one in every.stored)
    assert [(one.learned, one.since) for one in some.stored] == [(one.learned, one.since) for one in every.stored]
