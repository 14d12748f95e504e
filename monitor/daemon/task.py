"""What a worker is told and what it answers: JSON documents, with packed bytes beside the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from monitor.store.words import Awaited, LabelFile, MarkRow, Object, Received
from monitor.window import Window

Failure = Literal["timeout", "memory", "died", "source", "baseline", "rule", "input", "disk", "internal"]
FAILURES: tuple[Failure, ...] = (
    "timeout", "memory", "died", "source", "baseline", "rule", "input", "disk", "internal",
)  # fmt: skip
"""Why an attempt gave no verdict; a label of metrics, so a closed list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A window to be judged (`window`), or without one a place to be looked at for its first event.

    `monitor` is the monitor's part of the configuration as JSON, `folder` what its paths are relative to, `rules` the
    described rule files. `closed` are windows already judged for which late records are to be
    counted, `known` what is remembered of capture objects, `marks` what people said of findings. What the policy keeps
    comes beside it, as bytes.

    Where labels come apart, `truth` is the folder for them, `labels` the files of them that were read, and `awaits` how
    the window waits for more, None where it does not any longer; `waits` says until when nothing is told of them.
    `is_labelled`: the window was judged, and is again for its labels alone, with its report and profile beside the
    task. `awaited` are windows that wait: then the task is to see which labels have come.
    """

    name: str
    monitor: Mapping[str, Any]
    folder: str
    rules: tuple[Mapping[str, Any], ...] = ()
    config_digest: str = ""
    window: Window | None = None
    revision: int = 1
    run_id: str = ""
    reports: str = ""
    closed: tuple[Window, ...] = ()
    known: tuple[Object, ...] = ()
    marks: tuple[MarkRow, ...] = ()
    truth: str = ""
    labels: tuple[LabelFile, ...] = ()
    awaits: Awaited | None = None
    waits: str = ""
    is_labelled: bool = False
    awaited: tuple[Awaited, ...] | None = None
    labels_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a worker saw of one capture object: its records in the window, and in closed ones by their place among
    these. `dated_to`: the end of the hour or day that its folders name."""

    path: str
    size: int
    stamp: str
    first: datetime | None
    last: datetime | None
    is_half: bool = False
    dated_to: datetime | None = None
    rows: int = 0
    elsewhere: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A worker's answer. `failure` and `why` where there is no verdict; `first` answers a look for the first event.

    `is_empty` says that there is no capture at all. `replayed` says what is open at the newest window now and was not,
    where that has changed. `labelled` are the window's predictions, and those with a label, where labels come apart;
    `is_unchanged`: new ones changed nothing. `received` answers a look at where labels come.
    """

    failure: str = ""
    why: str = ""
    first: datetime | None = None
    is_empty: bool = False
    status: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)
    violations: tuple[Mapping[str, Any], ...] = ()
    inputs: Mapping[str, Any] = field(default_factory=dict)
    objects: tuple[Seen, ...] = ()
    input_digest: str = ""
    baseline: Mapping[str, Any] = field(default_factory=dict)
    folder: str = ""
    replayed: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    phases: Mapping[str, float] = field(default_factory=dict)
    took_seconds: float = 0.0
    labelled: tuple[int, int] | None = None
    is_unchanged: bool = False
    received: Received | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """A worker's answer, and beside it report and profile as JSON, and what the policy keeps, as a bundle."""

    answer: Answer
    report: bytes = b""
    profile: bytes = b""
    evidence: bytes = b""
