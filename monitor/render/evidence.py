"""What is followed over windows, in words: learning, the promise, evidence, what moved together, open skews."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.finding import Finding, Status
from monitor.render.sentences import NAME, SENTENCE, Line, name, together
from monitor.render.untrusted import shown
from monitor.report import Report
from monitor.wording import count, counted, number, percent, span

MOST_SKEWS, MOST_WORDS = 20, 20
LONGEST_NAME = 120  # in a command
WORDS = {
    "armed": "production is learned: from here on drift is judged against it",
    "refused": "production changed while it was learned: learning begins again",
    "closed": "is back inside its band",
    "widened": "has a wider band, as it was marked as noise",
    "relearned": "is learned anew",
    "heavy_tailed": "has shocks too large for the channel JUMP, which does not look at it",
}


def standing(report: Report) -> list[Line]:
    """How the policy stands, in a few lines; none where windows are not followed."""
    return [*_standing(report, report.policy)] if report.policy is not None else []


def _standing(report: Report, policy: Mapping[str, Any]) -> Iterator[Line]:
    learned = policy["learned"]
    if policy["phase"] == "learning":
        told = f"{count(learned['seen'])} of {counted(learned['needed'], 'window')} of production"
        yield "learning", f"{told}; until then it is held against the training baseline (skew)"
    else:
        rhythm = f", with its rhythm of the {together(map(str, policy['seasons']))}" if policy["seasons"] else ""
        yield "drift", f"against production as learned from {counted(learned['needed'], 'window')}{rhythm}"
    yield "promise", promise(report)
    if policy["evidence"] is not None:
        one = "another alarm" if policy["open"] else "an alarm"
        yield "evidence", f"{amount(policy['evidence'])} towards {one}, all features together; at 1 there is one"
    for group in policy["groups"]:
        yield "together", f"{_some(group)} moved within a day of each other"
    for group in policy.get("correlated", ()):
        yield "together", f"{_some(group)} are correlated as learned: likely one move, not {count(len(group))}"
    yield from (("news", _word(word)) for word in news(policy)[:MOST_WORDS])
    yield from (("note", shown(note, SENTENCE)) for note in policy["notes"][:MOST_WORDS])
    if policy["shadow"]:
        yield "shadow", "judged only: nothing is done about it"
    yield from (("to accept", f"{told}; {command}" if command else told) for told, command in skews(report))


def promise(report: Report) -> str:
    """What is promised, and how often there was an alarm since production is learned."""
    assert report.policy is not None
    given, raised = report.policy["promise"], report.policy["raised"]
    alarms = f"{number(given['at_most'])} false alarm{'' if given['at_most'] == 1 else 's'}"
    told = f"at most {alarms} in {span(timedelta(seconds=given['per_seconds']))} while traffic wanders as learned"
    if raised["since"] is None or report.window is None:
        return told
    so_far = report.window.end - datetime.fromisoformat(raised["since"])
    return f"{told}; {count(raised['alarms'])} raised in {span(_rounded(so_far))}"


def _rounded(time: timedelta) -> timedelta:
    """To whole weeks, days or hours: what matters of a time that has gone by."""
    units = (timedelta(weeks=1), timedelta(days=1), timedelta(hours=1))
    return next((time // unit * unit for unit in units if time >= 2 * unit), time)


def news(policy: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What is said once in this window, but for the alarms, which are findings."""
    return [word for word in policy["words"] if word["what"] in WORDS]


def _word(word: Mapping[str, Any]) -> str:
    about = f"{name(word['feature'])}: " if word["feature"] is not None else ""
    is_dated = word["since"] is not None and word["what"] != "armed"
    since = f", since {_moment(word['since'])}" if is_dated else ""
    why = f" ({shown(word['why'], SENTENCE)})" if word["why"] else ""
    return f"{about}{WORDS[word['what']]}{since}{why}"


def skews(report: Report) -> list[tuple[str, str]]:
    """Differences to the training baseline that nobody has accepted yet: in words, and the command that does."""
    assert report.policy is not None
    found = []
    for one in report.policy["skews"][:MOST_SKEWS]:
        told = (
            f"{name(one['feature'])}: rows {shown(one['place'], SENTENCE)}: {percent(one['now'])} in production, "
            f"{percent(one['centre'])} in training"
        )
        found.append((told, accepting(report.monitor, one["feature"])))
    if (left := len(report.policy["skews"]) - MOST_SKEWS) > 0:
        found.append((f"{counted(left, 'feature')} more: report.json has them all", ""))
    return found


def accepting(monitor: str, feature: str) -> str:
    """The command that accepts a skew; empty where the name cannot be typed."""
    if not feature.isprintable() or len(feature) > LONGEST_NAME:
        return ""
    whose = f"--monitor {shlex.quote(monitor)} --feature {shlex.quote(feature)}"
    return f"driftd accept --config FILE {whose} --as accepted"


def weighed(finding: Finding) -> str:
    """How near the finding's feature is to an alarm, or how long its alarm stays; empty where it is not followed."""
    if finding.evidence is None:
        return ""
    if finding.status is Status.VIOLATED and finding.evidence < 1:
        return "the alarm stays until the feature has been back inside its band for a day"
    return f"evidence {amount(finding.evidence)}, where 1 is an alarm"


def amount(evidence: float) -> str:
    """Evidence in two digits.

    >>> amount(0.0), amount(0.312), amount(2.84)
    ('0', '0.31', '2.8')
    """
    return f"{evidence:.2g}" if evidence >= 0.005 else "0"


def _some(names: Sequence[str], most: int = 8) -> str:
    told = [shown(one, NAME) for one in names[:most]]
    left = len(names) - most
    return together([*told, f"{count(left)} more"] if left > 0 else told)


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(UTC):%A %Y-%m-%d %H:%M} UTC"
