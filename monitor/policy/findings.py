"""Findings of a verdict: what the report says of drift and skew where windows are followed."""

from collections.abc import Callable
from dataclasses import replace

from monitor.estimate import ANGLE_PER_SD, Estimate
from monitor.finding import Finding, Reason, Status
from monitor.policy.quality import RULE
from monitor.policy.verdict import Movement, Pair, Verdict
from monitor.stats.angle import angle, share_at
from monitor.wording import percent

METHOD = "difference of shares, evidence over windows on the baseline's cells, within the budget of false alarms"
PAIR_METHOD = "evidence over windows on the correlation of two features, within the budget of false alarms"
SKEW_METHOD = "difference of shares, production as learned against the training baseline, 95 % over all shares"

WITHOUT = {
    "no_data": "no row was read",
    "no_baseline": "the baseline holds no distribution of this feature; drift is asked once production is learned",
}
"""Why a feature has no numbers at all, by reason."""

Severity = Callable[[str, str | None], str | None]
"""The severity of a rule's findings on a feature; None where the rule does not ask about it."""


def findings_of(verdict: Verdict, severity: Severity) -> tuple[Finding, ...]:
    """While production is learned: skew by feature, and how far learning has come. Afterwards: drift by feature, and
    the skews that learning ended with, VIOLATED in the window that armed and then SKIPPED until they are accepted."""
    found: list[Finding] = []
    if verdict.question == "skew":
        found.append(_progress(verdict, severity("drift", None) or "warning"))
    is_new = any(word.what == "armed" for word in verdict.words)
    told_below = {skew.feature for skew in verdict.skews} if is_new and verdict.question == "skew" else set()
    for movement in verdict.movements:
        if movement.feature in told_below:  # one finding of skew, with what learning ended with
            continue
        level = _severity(verdict.question, movement, verdict, severity)
        if level is not None:
            found.append(_finding(movement, verdict, level))
    level = severity(verdict.question, None) or "warning"
    found += [_pair(pair, verdict, level) for pair in verdict.pairs]
    for skew in verdict.skews:
        level = _severity("skew", skew, verdict, severity)
        if level is not None:
            found.append(replace(_skew(skew, level, is_new=is_new), rule=_rule("skew", skew, verdict)))
    return tuple(found)


def _rule(question: str, movement: Movement, verdict: Verdict) -> str:
    """In whose name it is told: errors in that of the rule about them."""
    return RULE if movement.feature == verdict.errors else question


def _severity(question: str, movement: Movement, verdict: Verdict, severity: Severity) -> str | None:
    if movement.feature == verdict.errors:
        return severity(RULE, None)
    return severity(question, movement.feature)


def _progress(verdict: Verdict, severity: str) -> Finding:
    why = (
        f"production is being learned: {verdict.seen} of {verdict.needed} windows; "
        "meanwhile it is held against the training baseline (skew)"
    )
    return Finding(status=Status.UNKNOWN, reason=Reason.LEARNING, rule="drift", why=why, severity=severity)


def _finding(movement: Movement, verdict: Verdict, severity: str) -> Finding:
    status = Status(movement.status)
    if not movement.place:
        return Finding(
            status=status,
            reason=movement.reason,
            rule=_rule(verdict.question, movement, verdict),
            feature=movement.feature,
            why=WITHOUT.get(movement.reason or "", ""),
            severity=severity,
        )
    noticed = share_at(float(angle(movement.centre)) + ANGLE_PER_SD * movement.noticeable) - movement.centre
    return Finding(
        status=status,
        reason=movement.reason,
        rule=_rule(verdict.question, movement, verdict),
        feature=movement.feature,
        value=movement.now - movement.centre,
        low=movement.low - movement.centre,
        high=movement.high - movement.centre,
        direction="at_most",
        threshold=movement.most - movement.centre,
        n_now=movement.n_now,
        n_base=movement.n_base,
        rows_needed=movement.rows_needed,
        detectable=noticed if movement.noticeable < float("inf") else None,
        method=METHOD,
        why=_why(movement, verdict),
        severity=severity,
        since=movement.since,
        evidence=movement.evidence,
        estimate=_estimate(movement, METHOD),
    )


def _why(movement: Movement, verdict: Verdict) -> str:
    held = "in training" if verdict.question == "skew" else "as learned"
    band = f"{percent(movement.least).removesuffix(' %')} to {percent(movement.most)}"
    told = f"rows {movement.place} are {percent(movement.now)} now, {percent(movement.centre)} {held} (band {band})"
    if movement.since is not None:
        word = "differs from training" if verdict.question == "skew" else "has moved"
        word = "errs more" if movement.feature == verdict.errors else word
        told = f"{word} since {movement.since:%A %Y-%m-%d %H:%M} UTC: {told}"
    if movement.reason == "too_variable":
        told += "; it wanders so widely by itself that a shift that matters would not be found within a day"
    return told


def _pair(pair: Pair, verdict: Verdict, severity: str) -> Finding:
    held = "in training" if verdict.question == "skew" else "as learned"
    why = (
        f"{pair.first!r} and {pair.second!r} no longer go together as they did: correlation {pair.now:.2f}, "
        f"{pair.centre:.2f} {held}, since {pair.since:%Y-%m-%d %H:%M} UTC"
    )
    return Finding(
        status=Status.VIOLATED,
        rule=verdict.question,
        value=pair.now - pair.centre,
        method=PAIR_METHOD,
        why=why,
        severity=severity,
        since=pair.since,
    )


def _skew(skew: Movement, severity: str, *, is_new: bool) -> Finding:
    told = f"rows {skew.place}: {percent(skew.now)} in production, {percent(skew.centre)} in training"
    if not is_new and skew.since is not None:
        told += f"; reported on {skew.since:%Y-%m-%d %H:%M} UTC, open until it is accepted (driftd accept)"
    return Finding(
        status=Status.VIOLATED if is_new else Status.SKIPPED,
        rule="skew",
        feature=skew.feature,
        value=skew.now - skew.centre,
        low=skew.low - skew.centre,
        high=skew.high - skew.centre,
        direction="at_most",
        threshold=skew.most - skew.centre,
        n_base=skew.n_base,
        method=SKEW_METHOD,
        why=told,
        severity=severity,
        since=skew.since,
        estimate=_estimate(skew, SKEW_METHOD),
    )


def _estimate(movement: Movement, method: str) -> Estimate:
    """The same on the angle scale: how far beyond the limit that is, in standard deviations."""
    origin = float(angle(movement.centre))
    return Estimate(
        value=movement.now - movement.centre,
        centre=float(angle(movement.now)) - origin,
        spread=1.0,
        scale="angle",
        origin=origin,
        n_now=movement.n_now,
        n_base=movement.n_base,
        method=method,
    )
