"""Imported by the fork server alone, before it forks: what every worker needs, and that it does not outlive the daemon.

The kernel kills the fork server when the daemon's thread that started it is gone, and each worker when the fork server
is: not even SIGKILL leaves anybody behind. That comes first: the rest takes seconds, and the daemon may die in them.
"""

from monitor.child.serve import die_with_parent

die_with_parent()

import click  # noqa: E402, F401  a worker looks at the file of the command that the daemon was started with

import monitor.daemon.work  # noqa: E402, F401  with it, all that a window needs
from monitor.render.html import template  # noqa: E402
from monitor.without_pandas import keep_pandas_out  # noqa: E402

keep_pandas_out()
template()
