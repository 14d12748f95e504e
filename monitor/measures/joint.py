"""How columns of numbers move together, counted by the cells that their values fall in."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from monitor.feature import Feature, Numeric
from monitor.joint import FURTHEST, MOST_FEATURES, STEPS, Joint
from monitor.profile import Profile
from monitor.stats.correlation import normal_scores

# OpenBLAS starts threads, which spin and cost four times the work itself, from more than 262,144 multiplications a
# product on: so many are 32 x 32 features x 256 rows.
TILE, STRIP = 32, 256
PIECE = 8192  # rows worked on at a time, so that memory stays small
WIDEST = 32  # cells a feature may have here; those of 20 distinct numbers are 23

Codes = NDArray[np.uint8]


def pairing(base: Profile) -> Joint | None:
    """What is to be counted of features together: as in the baseline, or as its cells let it (an older one's)."""
    if base.joint is not None:
        return Joint.empty(base.joint.features, base.joint.scores)
    return unmeasured(base.features, counted_shares(base.features))


def unmeasured(features: Mapping[str, Feature], shares: Mapping[str, NDArray[np.float64]]) -> Joint | None:
    """What is to be counted of features whose cells have these shares; None of fewer than two.

    Beyond 100 that vary, the model's outputs and then those that come first.
    """
    fitting = [name for name, weights in shares.items() if np.count_nonzero(weights) > 1 and len(weights) < WIDEST]
    if len(fitting) > MOST_FEATURES:
        chosen = sorted(fitting, key=lambda name: features[name].role != "prediction")[:MOST_FEATURES]
        fitting = [name for name in fitting if name in chosen]
    if len(fitting) < 2:
        return None
    scores = np.zeros((len(fitting), WIDEST), dtype=np.int8)
    for row, name in zip(scores, fitting, strict=True):
        found = normal_scores(shares[name]) * STEPS
        row[: len(found)] = np.clip(np.rint(found), -FURTHEST, FURTHEST)
    return Joint.empty(tuple(fitting), scores)


def counted_shares(features: Mapping[str, Feature]) -> dict[str, NDArray[np.float64]]:
    """Shares of the cells of numeric features as they were counted, without that of rows that have no number."""
    return {name: f.cells[:-1].astype(np.float64) for name, f in features.items() if isinstance(f, Numeric)}


def joint(empty: Joint, codes: Codes) -> Joint:
    """The sums of one batch. `codes`, shape (p, rows), is each value's cell; 255 where there is none."""
    size, rows = codes.shape
    table = np.zeros((size, 256), dtype=np.float32)
    table[:, :WIDEST] = empty.scores
    present = np.array([np.count_nonzero(row < WIDEST) for row in codes])
    both = np.minimum.outer(present, present)
    gaps = np.flatnonzero(present < rows)
    sums, products, beside = np.zeros(size), _nothing(size), _nothing(len(gaps))
    for start in range(0, rows, PIECE):
        piece = codes[:, start : start + PIECE]
        values = np.zeros((size, -piece.shape[1] % STRIP + piece.shape[1]), dtype=np.float32)
        for row, scores, kept in zip(piece, table, values, strict=True):
            scores.take(row, out=kept[: len(row)], mode="wrap")  # the quickest mode; no code is out of range
        sums += values.sum(axis=1)
        products += _products(values)
        if len(gaps):
            there = np.zeros((len(gaps), values.shape[1]), dtype=np.float32)
            there[:, : piece.shape[1]] = piece[gaps] < WIDEST
            beside += _products(there)
    both[np.ix_(gaps, gaps)] = beside
    triangle = np.triu_indices(size)
    return Joint(
        features=empty.features,
        scores=empty.scores,
        sums=sums.astype(np.int64),
        products=products[triangle],
        both=both[triangle],
    )


def _nothing(size: int) -> NDArray[np.int64]:
    return np.zeros((size, size), dtype=np.int64)


def _products(rows: NDArray[np.float32]) -> NDArray[np.int64]:
    """Each row times each later one, (p, p), in the upper triangle.

    Whole numbers, which a float holds exactly up to a strip's sum, 256 x 45 x 45.
    """
    size = len(rows)
    found = _nothing(size)
    starts = range(0, size, TILE)
    strips = rows.reshape(size, rows.shape[1] // STRIP, STRIP).transpose(1, 0, 2)
    tiles = [strips[:, at : at + TILE] for at in starts]
    for number, (at, tile) in enumerate(zip(starts, tiles, strict=True)):
        for other, right in zip(starts[number:], tiles[number:], strict=True):
            part = np.matmul(tile, right.transpose(0, 2, 1)).sum(axis=0, dtype=np.float64).astype(np.int64)
            found[at : at + TILE, other : other + TILE] = part
    return found
