"""Grafana dashboards as they are committed, and their queries as a Prometheus takes them."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "deploy" / "grafana" / "dashboards" / "Driftd"
NAMES = ("overview", "monitor", "daemon")


@cache
def board(name: str) -> dict[str, Any]:
    """A dashboard."""
    made: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return made


def panels(name: str) -> list[dict[str, Any]]:
    """All that ask for something: what is no heading."""
    return [panel for panel in board(name)["panels"] if panel["type"] != "row"]


@dataclass(frozen=True)
class Query:
    """What a panel, or an annotation, asks for."""

    board: str
    title: str
    number: int
    expr: str
    is_of_a_table: bool = False

    @property
    def name(self) -> str:
        return f"{self.board}: {self.title} {chr(65 + self.number)}"

    def plain(self, monitor: str = "churn", step: str = "5m") -> str:
        """With a value in the place of each variable."""
        expr = self.expr.replace("$__rate_interval", step).replace('monitor="$monitor"', f'monitor="{monitor}"')
        return re.sub(r"\$\w+", ".+", expr)


def queries() -> list[Query]:
    """Of all panels and annotations of all dashboards."""
    return [
        *(
            Query(name, panel["title"], number, target["expr"], panel["type"] == "table")
            for name in NAMES
            for panel in panels(name)
            for number, target in enumerate(panel["targets"])
        ),
        *(
            Query(name, f"mark {mark['name']}", 0, mark["expr"])
            for name in NAMES
            for mark in board(name)["annotations"]["list"]
        ),
    ]


def queried(name: str, title: str) -> Query:
    """The first query of a panel."""
    return next(query for query in queries() if (query.board, query.title) == (name, title))


def words(name: str, title: str) -> dict[float, str]:
    """The words that a panel has for numbers."""
    (panel,) = [panel for panel in panels(name) if panel["title"] == title]
    known, _ = panel["fieldConfig"]["defaults"]["mappings"]
    return {float(code): word["text"] for code, word in known["options"].items()}


def now_of_every_monitor() -> Query:
    """How each monitor stands at the moment: the first column of the table of all."""
    return next(query for query in queries() if query.title == "Monitors" and query.is_of_a_table)
