"""Events for people."""

from actions.receivers import NOW, event

from monitor.actions.texts import figures, plain, title
from monitor.gathering import grouped
from monitor.reminding import digest


def test_a_letter_says_what_moved_since_when_how_much_and_where_to_go_on() -> None:
    assert plain(event()) == (
        "age has moved by 0.52 standard deviations\n"
        "\n"
        "monitor: churn\n"
        "about: feature/age\n"
        "state: firing, page\n"
        "since: 2026-01-05 09:00 UTC\n"
        "told: 2026-01-05 12:00 UTC\n"
        "rule: drift\n"
        "feature: age\n"
        "\n"
        "features:\n"
        "  - feature age, value 0.52, threshold 0.1\n"
        "n: 1977\n"
        "\n"
        "link: https://driftd.example.com/monitors/churn\n"
        "runbook: https://driftd.example.com/runbooks/drift\n"
        "event: incident.opened e1\n"
    )
    bare = plain(event(subject="", data={}, labels={}, link="", runbook=""))
    assert bare.endswith("told: 2026-01-05 12:00 UTC\n\nevent: incident.opened e1\n")


def test_a_title_says_whether_it_is_over() -> None:
    assert title(event()) == "[page] churn: age has moved by 0.52 standard deviations"
    assert title(event(status="resolved")).startswith("[resolved] churn: ")
    long = title(event(summary="x" * 500))
    assert (len(long), long[-4:]) == (150, "x...")


def test_every_kind_of_figure_has_words() -> None:
    data = {"a": None, "b": True, "c": 0.123456789, "d": [1, [2, 3.0]], "e": {"f": False}, "g": "x\ny", "h": []}
    assert figures(event(data=data)) == ("a: none\nb: yes\nc: 0.1235\nd:\n  - 1\n  - (2, 3)\ne:\n  - f no\ng: x y\nh:")


def test_what_is_long_is_cut_and_counted() -> None:
    lines = figures(event(data={"features": list(range(500))})).splitlines()
    assert (len(lines), lines[-1]) == (101, "... and 401 more lines")


FINDINGS = [{"rule": "drift", "feature": "age", "value": 0.52, "threshold": 0.1, "n_now": 1977}]


def test_a_letter_of_several_events_has_a_paragraph_for_each() -> None:
    first = event(data={"incident": "i1", "findings": FINDINGS}, severity="warning")
    over = event(id="e2", monitor="fraud", status="resolved", summary="over: no rows", link="", runbook="", data={})
    found = grouped([first, over], "mail", NOW)
    assert title(found) == "[page] driftd: 2 events of 2 monitors: churn, fraud"
    assert plain(found) == (
        "2 events of 2 monitors: churn, fraud\n"
        "\n"
        "[warning] churn: age has moved by 0.52 standard deviations\n"
        "  - rule drift, feature age, value 0.52, threshold 0.1, n_now 1977\n"
        "  since: 2026-01-05 09:00 UTC\n"
        "  link: https://driftd.example.com/monitors/churn\n"
        "  runbook: https://driftd.example.com/runbooks/drift\n"
        "\n"
        "[resolved] fraud: over: no rows\n"
        "  since: 2026-01-05 09:00 UTC\n"
        "\n"
        f"event: events.grouped {found.id}\n"
    )


def test_a_digest_tells_apart_what_was_quiet_and_what_is_open() -> None:
    quiet = [event(id=f"q{number}", severity="info", summary=f"quiet {number}", data={}) for number in range(60)]
    found = digest(quiet, [event(summary="open", data={})], "mail", NOW, NOW)
    assert found is not None
    parts = plain(found).split("\n\n")
    assert parts[1].startswith("[info] churn: quiet 0\n")
    assert parts[51:53] == ["... and 10 more", "Open, and nobody has acknowledged it:"]
    assert parts[53].startswith("[page] churn: open\n")
    assert len(parts) == 55
    only = digest([], [event()], "mail", NOW, NOW)
    assert only is not None
    assert plain(only).split("\n\n")[1] == "Open, and nobody has acknowledged it:"
