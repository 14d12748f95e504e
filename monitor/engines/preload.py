"""Imported by the fork server before it forks workers of its own: what each of them needs."""

import monitor.engines.work  # noqa: F401
from monitor.without_pandas import keep_pandas_out

keep_pandas_out()
