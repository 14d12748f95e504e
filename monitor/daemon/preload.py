"""Imported by the fork server alone, before it forks: what every worker needs, and that it does not outlive the daemon.

The kernel kills the fork server when the daemon's thread that started it is gone, and each worker when the fork server
is: not even SIGKILL leaves anybody behind.
"""

import gc

import click  # noqa: F401  a worker looks at the file of the command that the daemon was started with

import monitor.daemon.work  # noqa: F401  with it, all that a window needs
from monitor.child.serve import die_with_parent
from monitor.render.html import template
from monitor.without_pandas import keep_pandas_out

GARBAGE_OBJECTS = 50_000

keep_pandas_out()
template()
gc.set_threshold(
    GARBAGE_OBJECTS, 50, 100
)  # a worker lives for one window; walking what it holds took a quarter of that
gc.freeze()  # what was loaded here is no garbage: no worker need look at it, and its pages stay shared
die_with_parent()
