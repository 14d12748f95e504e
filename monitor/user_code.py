"""The child's side of user code: describe rule files, judge, transform. Answers tasks; knows nothing between them."""

import inspect
import json
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from monitor.document import from_document, to_document
from monitor.errors import RuleError
from monitor.feature import Categorical, Numeric
from monitor.finding import failed
from monitor.judge import listed
from monitor.model_quality import ModelQuality
from monitor.profile import Profile
from monitor.rulefile import RuleFile, load

ROW = "__row__"  # the column by which a transform's rows are found again


def serve(task: dict[str, Any], payload: memoryview) -> tuple[dict[str, Any], bytes]:
    """Do a task: "describe", "judge" or "transform"."""
    if task["do"] == "describe":
        return {"files": [_described(path) for path in task["paths"]]}, b""
    if task["do"] == "judge":
        return {"answers": _judged(task, payload)}, b""
    if task["do"] == "transform":
        return {}, _transformed(task, payload)
    raise ValueError(f"unknown task {task['do']!r}")


@cache
def _file(path: str) -> RuleFile:
    return load(Path(path))


def _described(path: str) -> dict[str, Any]:
    try:
        found = _file(path)
    except RuleError as error:
        return {"path": path, "error": str(error)}
    rules = [
        {
            "name": rule.name,
            "subject": rule.subject,
            "is_against_rows": rule.is_against_rows,
            "doc": rule.doc,
            "options": {
                name: {
                    "type": _type_name(option.type),
                    **({} if option.is_required else {"default": _plain(option.default)}),
                }
                for name, option in rule.options.items()
            },
        }
        for rule in found.rules.values()
    ]
    return {"path": path, "rules": rules, "transforms": list(found.transforms)}


def _type_name(kind: Any) -> str:
    return kind.__name__ if isinstance(kind, type) and not hasattr(kind, "__args__") else str(kind)


def _plain(value: Any) -> Any:
    return value.total_seconds() if isinstance(value, timedelta) else value


def _judged(task: dict[str, Any], payload: memoryview) -> list[list[Any]]:
    rule = _file(task["path"]).rules[task["rule"]]
    options = {
        name: timedelta(seconds=value) if rule.options[name].type is timedelta else value
        for name, value in task["options"].items()
    }
    answers = []
    for now, base in _questions(rule.subject, task, payload):
        try:
            found = listed(rule.judge(now, base, **options))
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  a rule may raise anything
            found = [failed(f"{type(error).__name__}: {error}{_where(error, task['path'])}")]
        answers.append([to_document(finding) for finding in found])
    return answers


def _questions(subject: str, task: dict[str, Any], payload: memoryview) -> Any:
    if subject == "DataFrame":
        yield _rows(task, payload)
        return
    wholes = {"Profile": Profile, "ModelQuality": ModelQuality}
    kind: Any = wholes.get(subject, Numeric | Categorical)
    for question in json.loads(bytes(payload)):
        yield from_document(kind, question["now"]), from_document(kind, question["base"])


def _rows(task: dict[str, Any], payload: memoryview) -> tuple[Any, Any]:
    """The window's rows; and the baseline's profile or, for a rule that wants them, its rows, both with the columns
    that are judged and that both have."""
    size = task.get("rows", len(payload))
    with pa.ipc.open_stream(pa.py_buffer(payload[:size])) as stream:
        now = stream.read_all()
    if "rows" not in task:
        return now.to_pandas(), from_document(Profile, task["base"])
    with pa.ipc.open_stream(pa.py_buffer(payload[size:])) as stream:
        base = stream.read_all()
    names = [name for name in task["columns"] if name in now.column_names and name in base.column_names]
    return now.select(names).to_pandas(), base.select(names).to_pandas()


def _where(error: Exception, path: str) -> str:
    frames = (
        [f for f in inspect.getinnerframes(error.__traceback__) if f.filename == path] if error.__traceback__ else []
    )
    return f" ({Path(path).name}:{frames[-1].lineno})" if frames else ""


def _transformed(task: dict[str, Any], payload: memoryview) -> bytes:
    with pa.ipc.open_stream(pa.py_buffer(payload)) as stream:
        batch = stream.read_next_batch()
    for path, name in task["transforms"]:
        batch = _file(path).transforms[name](batch)
        if not isinstance(batch, pa.RecordBatch):
            raise TypeError(
                f"transform {name!r} returned a {type(batch).__name__}; a pyarrow.RecordBatch would be right"
            )
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue())
