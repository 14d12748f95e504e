"""Imported by the fork server alone, before it forks: what every worker needs, and that it does not outlive the daemon.

The kernel kills the fork server when the daemon's thread that started it is gone, and each worker when the fork server
is: not even SIGKILL leaves anybody behind.
"""

import click  # noqa: F401  a worker looks at the file of the command that the daemon was started with

import monitor.daemon.work  # noqa: F401  with it, all that a window needs
from monitor.child.serve import die_with_parent
from monitor.render.html import template
from monitor.without_pandas import keep_pandas_out

keep_pandas_out()
template()
die_with_parent()
