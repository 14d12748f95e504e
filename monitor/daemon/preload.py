"""Imported by the fork server alone, before it forks: what every worker needs, and that it does not outlive the daemon.

The kernel kills the fork server when the daemon's thread that started it is gone, and each worker when the fork server
is: not even SIGKILL leaves anybody behind. That comes first: the rest takes seconds, and the daemon may die in them.
"""

import gc

from monitor.child.serve import die_with_parent

die_with_parent()

from monitor.lean import keep_lean  # noqa: E402

keep_lean()

import click  # noqa: E402, F401  a worker looks at the file of the command that the daemon was started with

import monitor.daemon.work  # noqa: E402, F401  with it, all that a window needs
from monitor.render.html import template  # noqa: E402

GARBAGE_OBJECTS = 50_000
"""A worker lives for one window; walking through what it holds took a quarter of its time."""

template()
gc.set_threshold(GARBAGE_OBJECTS, 50, 100)
gc.freeze()  # what was loaded here is no garbage: no worker need look at it, and its pages stay shared
