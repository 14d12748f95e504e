"""What happens in the demonstration, and how it is configured."""

from datetime import datetime, timedelta

DAY, STEP = timedelta(days=1), timedelta(hours=6)
DAYS = 21
"""How much of the past is replayed."""
FAULTY = 3 * DAY
"""For how long, up to the present, the faults are there."""
CLOSED = 9 * DAY
"""For how long, up to the present, the roads are closed."""
CANARY = DAY
"""For how long, up to the present, the new version is tried."""

GREEN, BLUE, NEW, DELIVERY = "churn-green", "churn-blue", "churn-canary", "delivery-time"
ROWS, FEW = 600, 12
"""Requests in six hours, and those in an hour that the new version gets."""

OCCASIONS = (
    ("deploy", GREEN, 10 * DAY, "version 7.1: faster answers", "ci"),
    ("deploy", BLUE, 10 * DAY, "version 7.1: faster answers", "ci"),
    ("roadworks", DELIVERY, CLOSED, "the ring road is closed", "ben"),
    ("deploy", GREEN, FAULTY, "features 2.3: minutes come from the new billing system", "ci"),
    ("deploy", NEW, CANARY, "version 8 gets two requests of a hundred", "ci"),
)
"""What is told from outside: the kind, of which monitor, how long before the present, why, by whom."""
MUTED, MUTED_FOR = timedelta(days=1), "asking the depot whether it is known"
FOUND = "the ring road is closed; a model that knows it is being trained"
LEFT_OUT = ("State_*", "Area Code_*")

MARK = "# The demonstration:"
CONFIG = f"""\
{MARK} a model in three variants, and another one whose labels come late. So that it need not last for
# longer, what production is like is learned in five days.
state: state/
web:
  listen: "LISTEN"
  tokens: [{{id: you, sha256: DIGEST, scopes: [write]}}]
defaults:
  baseline: baselines/churn
  schedule: {{every: 6h, anchor: START, start: START, delay: 1m}}
  alarm: {{learn: {{for: 5d, at_least: 5 windows}}}}
monitors:
  {GREEN}:
    captures: captures/green
    columns: &columns {{prediction: score, exclude: [{", ".join(f'"{name}"' for name in LEFT_OUT)}]}}
    endpoint: {{name: churn-prod, variant: green, model: churn, version: "7"}}
    owner: ann
  {BLUE}:
    captures: captures/blue
    columns: *columns
    endpoint: {{name: churn-prod, variant: blue, model: churn, version: "7"}}
    owner: ann
  {NEW}:
    captures: captures/canary
    columns: *columns
    endpoint: {{name: churn-prod, variant: canary, model: churn, version: "8"}}
    schedule: {{every: 1h, start: TRIED}}
    owner: ann
  {DELIVERY}:
    captures: captures/delivery
    baseline: baselines/delivery
    columns: {{prediction: minutes}}
    problem: regression
    truth: {{path: labels/delivery, due: 1d, max_delay: 7d}}
    endpoint: {{name: delivery-prod, model: delivery, version: "3"}}
    schedule: {{every: 1d}}
    owner: ben
"""


def config(listen: str, digest: str, start: datetime, end: datetime) -> str:
    """The configuration: `digest` is of the token that buttons ask for."""
    values = {"LISTEN": listen, "DIGEST": digest, "START": _moment(start), "TRIED": _moment(max(start, end - CANARY))}
    text = CONFIG
    for name, value in values.items():
        text = text.replace(name, value)
    return text


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
