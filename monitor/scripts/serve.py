"""The child's side: loads a script, puts records to its handler, or calls it behind a report."""

import logging
import os
import random
import sys
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from monitor.errors import RuleError
from monitor.scripts.loading import handler, told
from monitor.scripts.records import preprocessed
from monitor.scripts.said import Ear, Log, Said

HANDLER = "monitor.scripts.serve:serve"
SAID = Said()
EARS = (Ear(SAID), Ear(SAID))


def serve(task: dict[str, Any], payload: memoryview) -> tuple[dict[str, Any], bytes]:
    """Do a task: "load", "preprocess" or "postprocess". What the script said goes with the answer."""
    SAID.clear()  # and none of its own: the ears, and what logs in this process, hold this one
    sys.stdout, sys.stderr = EARS
    answer, data = TASKS[task["do"]](task, payload)
    for ear in EARS:
        ear.end()
    return {**answer, "said": SAID.lines, "more": SAID.more}, data


@cache
def _loaded(path: str, name: str, home: str) -> Callable[..., Any]:
    """The handler, with the logger bound to it where it takes one."""
    os.chdir(home)  # not the machine's root, where a script of root could write
    found, arguments = handler(path, name, home)
    if arguments < 2:
        return found
    logger = logging.getLogger(name)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.addHandler(Log(SAID))
    return lambda record: found(record, logger)


def _load(task: dict[str, Any], _: memoryview) -> tuple[dict[str, Any], bytes]:
    try:
        _loaded(task["path"], task["name"], task["home"])
    except RuleError as error:
        return {"error": str(error)}, b""
    return {}, b""


def _preprocess(task: dict[str, Any], payload: memoryview) -> tuple[dict[str, Any], bytes]:
    call = _loaded(task["path"], "preprocess_handler", task["home"])
    lines = bytes(payload)
    seed = zlib.crc32(lines)  # a script that draws a sample draws the same one again
    random.seed(seed)
    np.random.seed(seed)
    return preprocessed(call, task["path"], task["kind"], lines, tuple(task["expected"])).answer(task["texts"])


def _postprocess(task: dict[str, Any], _: memoryview) -> tuple[dict[str, Any], bytes]:
    os.environ.update(task["environment"])  # noqa: TID251  of this process alone
    call = _loaded(task["path"], "postprocess_handler", task["home"])
    os.chdir(task["folder"])
    try:
        call()
    except MemoryError:
        raise
    except (Exception, SystemExit) as error:  # noqa: BLE001  a script may raise anything; what it said goes with it
        return {"error": told(error, task["path"])}, b""
    return {}, b""


TASKS = {"load": _load, "preprocess": _preprocess, "postprocess": _postprocess}
