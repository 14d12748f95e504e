"""Where each page is, from the root of the web on: the layout puts in front what leads there from a page.

What comes from captures stands in the query, as a path has signs of its own.
"""

from datetime import datetime
from urllib.parse import quote, urlencode

from monitor.sagemaker.quality_violations import RULES as OF_METRICS

API = "api/v1"


def stamp(at: datetime) -> str:
    """A time in a path.

    >>> from datetime import UTC
    >>> stamp(datetime(2026, 1, 2, 3, tzinfo=UTC)), stamp(datetime(2026, 1, 2, 3, 0, 0, 500, tzinfo=UTC))
    ('20260102T030000Z', '20260102T030000.000500Z')
    """
    return f"{at:%Y%m%dT%H%M%S}{f'.{at.microsecond:06}' if at.microsecond else ''}Z"


def quoted(name: str) -> str:
    """A name as a part of a path."""
    return quote(name, safe="")


def monitor(name: str) -> str:
    """A monitor's page."""
    return f"monitors/{quoted(name)}"


def feature(name: str, of: str) -> str:
    """The page of a feature of a monitor.

    >>> feature("churn", "a/b <c>")
    'monitors/churn/feature?name=a%2Fb+%3Cc%3E'
    """
    return f"{monitor(name)}/feature?{urlencode({'name': of})}"


def about(name: str, rule: str, of: str | None) -> str:
    """The page of what a finding is about; nothing where that is the whole window, or a metric of the model.

    >>> about("churn", "drift", "age"), about("churn", "model_quality", "auc"), about("churn", "volume", None)
    ('monitors/churn/feature?name=age', '', '')
    """
    return "" if of is None or rule in OF_METRICS else feature(name, of)


def window(name: str, start: datetime, end: datetime) -> str:
    """The page of a monitor's window, in its latest revision."""
    return f"{monitor(name)}/windows/{stamp(start)}_{stamp(end)}"


def incident(key: str) -> str:
    """The page of an incident."""
    return f"incidents/{quoted(key)}"


def report(name: str, start: datetime, end: datetime, file: str = "report.html") -> str:
    """A file of a window's report."""
    return f"{API}/monitors/{quoted(name)}/reports/{stamp(start)}_{stamp(end)}/{file}"


def queried(path: str, **values: str | int | None) -> str:
    """A path with what is asked of it; what is empty is left out.

    >>> queried("monitors", text="a b", page=None), queried("monitors")
    ('monitors?text=a+b', 'monitors')
    """
    asked = urlencode({name: value for name, value in values.items() if value not in (None, "")})
    return f"{path}?{asked}" if asked else path
