"""The daemon, put together: start, tick, reload, stop."""

import signal
import threading
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler

from monitor import __version__, logs
from monitor.daemon import systemd, watched
from monitor.daemon.clock import Clock, machine_clock
from monitor.daemon.leading import Leading
from monitor.daemon.site import Site
from monitor.daemon.watched import Loaded
from monitor.daemon.workers import Workers
from monitor.errors import MonitorError, StoreError
from monitor.logs import logger
from monitor.metrics.limits import Limits
from monitor.metrics.registry import Metrics
from monitor.web.server import Server

TICK_SECONDS = 1
RENEW_SECONDS = 10
KEEP_SECONDS = 60
CUT_SECONDS = 15.0
"""How long the end of workers that were cut off may take."""

log = logger("daemon")
