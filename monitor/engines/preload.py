"""Imported by the fork server before it forks workers of its own: what each of them needs."""

from monitor.lean import keep_lean

keep_lean()

import monitor.engines.work  # noqa: E402, F401
