"""A feature as production was learned to be: its cells, made of the shares that were learned one by one."""

from dataclasses import replace

import numpy as np
import pytest
from looks import Followed, Traffic, plan

from monitor.distance import expected_counts
from monitor.policy.counterpart import counterparts
from monitor.policy.layout import layout_of, look_of
from monitor.policy.telling import told
from monitor.policy.verdict import Movement, Verdict
from monitor.testing import profile

RNG = np.random.default_rng(3)
BASE = profile({"x": RNG.normal(0, 1, 9_000), "city": RNG.choice(["a", "b", "c"], 9_000, p=[0.6, 0.3, 0.1]).tolist()})


def learned(now, worth=5_000.0):
    """As learned from one window, told by its shares alone."""
    layout = layout_of(BASE)
    seen = look_of(now, BASE, None)  # type: ignore[arg-type]
    shares = seen.counts / seen.totals
    moved = [
        Movement(feature=name, status="violated", learned=tuple(shares[layout.owner == number]), worth=worth)
        for number, name in enumerate(layout.features)
    ]
    return counterparts(Verdict(phase="armed", question="drift", movements=tuple(moved)), BASE)


def test_its_cells_are_those_that_so_many_rows_of_production_would_have():
    numbers = [None if RNG.random() < 0.3 else value for value in RNG.normal(0.5, 1, 4_000).tolist()]
    cities = RNG.choice(["a", "b", "new"], 4_000, p=[0.2, 0.7, 0.1]).tolist()
    now = profile({"x": numbers, "city": cities}, BASE)
    found = learned(now)
    for name in ("x", "city"):
        assert found[name].cells.sum() == pytest.approx(5_000, abs=8)
    assert found["x"].cells / 5_000 == pytest.approx(now.features["x"].cells / 4_000, abs=2e-4)
    expected = expected_counts(found["city"])
    assert expected / 5_000 == pytest.approx(now.features["city"].cells[:-1] / 4_000, abs=2e-4)


def test_values_that_are_no_number_are_as_common_as_in_the_baseline():
    odd = profile({"x": [*(["?"] * 100), *np.arange(900.0).tolist()]}, profile({"x": np.arange(900.0)}))
    layout = layout_of(odd)
    one = Movement(feature="x", status="violated", learned=tuple(layout.counts / layout.totals), worth=1_000.0)
    found = counterparts(Verdict(phase="armed", question="drift", movements=(one,)), odd)
    assert found["x"].cells == pytest.approx(odd.features["x"].cells, abs=1)
    assert found["x"].cells[-1] == 100


def test_shares_out_of_order_make_no_negative_cell():
    layout = layout_of(BASE)
    shares = np.linspace(0.0, 0.9, int((layout.owner == 0).sum()))
    shares[3] = shares[5]
    one = Movement(feature="x", status="violated", learned=tuple(shares), worth=100.0)
    found = counterparts(Verdict(phase="armed", question="drift", movements=(one,)), BASE)
    assert (found["x"].cells >= 0).all()
    assert found["x"].cells.sum() == pytest.approx(100, abs=8)


def test_what_is_gone_from_the_baseline_has_none():
    one = Movement(feature="gone", status="violated", learned=(0.5, 0.0), worth=100.0)
    assert counterparts(Verdict(phase="armed", question="drift", movements=(one,)), BASE) == {}


def test_only_what_has_drifted_is_told_with_its_learned_shares():
    offset, to_keep = 0.3, plan(3)
    traffic = Traffic(to_keep, 5)
    followed = Followed(to_keep).feed(*traffic.looks(to_keep.learning, offset))
    early = told(followed.steps[0], to_keep)
    followed.feed(*traffic.looks(2, [offset, offset + 0.8, offset]))
    moved = {one.feature: one for one in told(followed.steps[-1], to_keep).movements}
    assert [bool(moved[name].learned) for name in ("x0", "x1", "x2")] == [False, True, False]
    middle = len(moved["x1"].learned) // 2 - 1
    assert moved["x1"].learned[middle] == pytest.approx(0.5 - 0.118, abs=0.01)  # Phi(-0.3): as learned, not as trained
    assert moved["x1"].worth > 50_000
    assert not any(one.learned for one in early.movements)
    still = replace(followed.steps[-1].memory.notes, open={})
    assert not any(
        one.learned
        for one in told(
            replace(followed.steps[-1], memory=replace(followed.steps[-1].memory, notes=still)), to_keep
        ).movements
    )
