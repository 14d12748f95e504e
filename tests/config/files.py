"""Configurations written for a test."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from monitor.config.grammar import Config
from monitor.config.load import load
from monitor.errors import ConfigError
from monitor.rule import Check, Option, Rule

CHURN = "captures: c, baseline: b"


def made(name: str, subject: str = "Feature", **options: Option) -> Rule:
    return Rule(name=name, subject=subject, options=options, doc="", judge=lambda now, base: None)


RULES = {
    "drift": made("drift", tolerance=Option(type=float, default=0.025)),
    "range": made("range", "Numeric", max_share=Option(type=float, default=0.01)),
    "psi": made(
        "psi",
        limit=Option(type=float, default=0.2),
        bins=Option(type=int, default=10),
        quick=Option(type=bool, default=True),
        over=Option(type=timedelta, default=timedelta(hours=1)),
        names=Option(type=list[str], default=()),
        method=Option(type=str | None, default=None),
    ),
    "expected": made("expected", values=Option(type=list[str])),
    "volume": made("volume", "Profile", min_rows=Option(type=int, default=1)),
}
PRESETS: Mapping[str, Sequence[Check]] = {
    "driftd": (
        Check(rule=RULES["volume"], required=True),
        Check(rule=RULES["drift"], required=True),
        Check(rule=RULES["range"]),
    ),
    "sagemaker": (),
}


def written(folder: Path, text: str, name: str = "driftd.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text), encoding="utf-8")
    return path


def loaded(folder: Path, text: str, **options: Any) -> Config:
    return load(written(folder, text), **options)


def mistakes(folder: Path, text: str, **options: Any) -> list[str]:
    """The lines of the error, without the folder."""
    with pytest.raises(ConfigError) as caught:
        loaded(folder, text, **options)
    return str(caught.value).replace(f"{folder}/", "").splitlines()


def one(folder: Path, monitor: str, **options: Any) -> list[str]:
    """The mistakes of one monitor, written in one line, without their place."""
    told = mistakes(folder, f"monitors:\n  m: {{{monitor}}}\n", **options)
    return [line.removeprefix("driftd.yaml:2: ") for line in told]
