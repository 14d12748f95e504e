"""Incidents, occasions and dead letters as a terminal shows them."""

from dataclasses import replace

from web.folk import DEPLOY, LETTER, OVER, PART, ROW, Folk

from monitor.document import to_document
from monitor.render import people
from monitor.web.people import Word

PAGE = Folk([]).incident(ROW.id)
assert PAGE is not None


def test_incidents_are_listed_with_why_under_each() -> None:
    several = replace(ROW, why="odd\x1b[31m", features=("a", "b", "c", "d"), feature_count=9, owner="")
    assert people.incidents([to_document(several), to_document(OVER)]).splitlines() == [
        "incident                   state            severity  cause   since                 owner  features",
        "churn:20260102T030000Z:1   notified         page      schema  2026-01-02T03:00:00Z  -      a, b, c and 6 more",
        "    odd\\x1b[31m",
        "upsell:20260101T030000Z:1  resolved (true)  page      schema  2026-01-02T03:00:00Z  ann    zip",
        "    column zip is gone",
    ]


def test_one_in_full_says_what_somebody_with_ten_minutes_needs() -> None:
    said = Word(who="ann", at=ROW.since, why="a campaign", verdict="false")
    mute = Word(who="bo", at=ROW.since, why="mended", until=ROW.until)
    explained = replace(PART, rule="drift", feature=None, fires=False, explained_by="missing_column of zip")
    assert PAGE is not None
    page = replace(PAGE, acknowledged=said, mute=mute, parts=(PART, explained))
    assert (
        people.incident(to_document(page))
        == """\
churn:20260102T030000Z:1: notified, page, schema: column zip is gone
  zip
  features: zip
  since 2026-01-02T03:00:00Z, fired last to 2026-01-02T03:00:00Z, looked at to 2026-01-02T03:00:00Z
  owner: ann; first told: 2026-01-02T03:00:00Z
  acknowledged as false by ann at 2026-01-02T03:00:00Z: a campaign
  muted until 2026-01-02T03:00:00Z by bo at 2026-01-02T03:00:00Z: mended

What fires
  schema  missing_column  zip  page  since 2026-01-02T03:00:00Z  gone

What that explains
  schema  drift  the window  page  until 2026-01-02T03:00:00Z  gone  by missing_column of zip

Told
  2026-01-02T03:00:00Z  incident.opened  page  ops: sent

What else was going on
  deploy  2026-01-02T03:00:00Z  -  churn  version 8  ci  d1

Alarms
  down  ok  since 2026-01-02T03:00:00Z
"""
    )


def test_of_one_that_is_over_and_that_nobody_heard_of_that_is_said() -> None:
    assert PAGE is not None
    page = replace(PAGE, incident=OVER, notified=None, told=(replace(PAGE.told[0], receiver=""),), alarms=())
    text = people.incident(to_document(page))
    assert "over since 2026-01-02T03:10:00Z" in text
    assert "first told: -" in text
    assert "incident.opened  page  to nobody" in text
    assert "Alarms" not in text


def test_occasions_and_dead_letters_have_a_line_each() -> None:
    assert people.occasions([to_document(replace(DEPLOY, monitor=None, why=""))]) == (
        "kind    start                 end  monitor  why  who  id\n"
        "deploy  2026-01-02T03:00:00Z  -    all      -    ci   d1\n"
    )
    assert people.letters([to_document(LETTER)]) == (
        "receiver  event            monitor  made                  dead since            why\n"
        "ops       incident.opened  churn    2026-01-02T03:00:00Z  2026-01-02T03:10:00Z  410 gone\n"
    )
