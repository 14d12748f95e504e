from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from config.files import CHURN, PRESETS, RULES, loaded, mistakes, one, written
from pydantic import ValidationError

from monitor.config.load import load, rule_folders
from monitor.decode import FORMATS

FIVE = """\
    state: state/
    defaults:
      limits: {memory: 1 gig}
    monitors:
      churn:
        captures: data/captures/churn
        basline: baselines/churn
        schedule: 1 hour
        checks:
          - driftd
          - {rule: psy}
          - {rule: range, max_share: lots}
    """


def test_five_mistakes_are_told_at_once_with_file_line_and_key(tmp_path: Path) -> None:
    assert mistakes(tmp_path, FIVE, rules=RULES, presets=PRESETS) == [
        "driftd.yaml:3: defaults.limits.memory: '1 gig' is not a size; "
        "a number above 0 with its unit would be right: 512MiB, 1GiB or 1GB",
        "driftd.yaml:7: monitors.churn: unknown key 'basline'; did you mean 'baseline'?",
        "driftd.yaml:8: monitors.churn.schedule: '1 hour' is not a duration; "
        "a number with its unit would be right: 90s, 15m, 1h, 2d or 1w",
        "driftd.yaml:11: monitors.churn.checks[1].rule: rule 'psy': unknown; did you mean 'psi'?",
        "driftd.yaml:12: monitors.churn.checks[2].max_share: rule 'range': option 'max_share' takes float: "
        "'lots' is not a number; a number such as 0.025 or a per cent such as 2.5% would be right",
    ]


def test_an_entry_of_checks_with_a_mistake_is_still_asked_for_its_other_mistakes(tmp_path: Path) -> None:
    told = one(
        tmp_path, CHURN + ", checks: [{rule: psy, severity: urgent}, {severity: page}, 5]", rules=RULES, presets=PRESETS
    )
    assert told == [
        "monitors.m.checks[0].severity: 'urgent' is not known here; info, warning or page would be right",
        "monitors.m.checks[1]: needs a preset or a rule; driftd or {rule: range, severity: page} would be right",
        "monitors.m.checks[2]: 5 is not known here; driftd or sagemaker would be right",
        "monitors.m.checks[0].rule: rule 'psy': unknown; did you mean 'psi'?",
    ]


def test_scalars_stand_for_the_common_case_and_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    config = loaded(
        tmp_path, "monitors: {churn: {endpoint: e, captures: d/c, baseline: b, schedule: 2h, checks: driftd}}"
    )
    churn = config.monitors["churn"]
    assert (churn.name, churn.endpoint.name, churn.presets) == ("churn", "e", ("driftd",))
    assert (churn.captures.path, churn.baseline, config.state) == (tmp_path / "d/c", tmp_path / "b", tmp_path / "state")
    assert churn.captures.format == "auto"
    assert churn.schedule.every == timedelta(hours=2)
    assert (churn.limits.memory, churn.limits.time) == (1 << 30, timedelta(minutes=15))
    assert churn.alarm.tolerance == 0.025


def test_paths_are_absolute_when_the_file_is_named_relatively(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, f"monitors: {{m: {{{CHURN}}}}}")
    monkeypatch.chdir(tmp_path)
    assert load(Path("driftd.yaml")).monitors["m"].baseline == tmp_path / "b"


def test_a_configuration_cannot_be_changed(tmp_path: Path) -> None:
    config = loaded(tmp_path, f"monitors: {{m: {{{CHURN}}}}}")
    with pytest.raises(ValidationError, match="frozen"):
        config.monitors["m"].baseline = tmp_path  # type: ignore[misc]


def test_defaults_are_laid_under_every_monitor_also_an_included_one(tmp_path: Path) -> None:
    written(tmp_path, "monitors: {fraud: {captures: data/f, baseline: b}}", "monitors/fraud.yaml")
    config = loaded(
        tmp_path,
        """\
        include: [monitors/*.yaml]
        defaults:
          captures: {format: csv}
          schedule: {every: 1d, anchor: 2026-01-01, delay: 5m}
          columns: {exclude: [a, b]}
          labels: {team: growth}
        monitors:
          churn: {captures: data/c, baseline: b, schedule: 0 6 * * *, columns: {exclude: [c]}, labels: {tier: "1"}}
        """,
    )
    churn, fraud = config.monitors["churn"], config.monitors["fraud"]
    assert (churn.captures.path, churn.captures.format) == (tmp_path / "data/c", "csv")
    assert (churn.schedule.cron, churn.schedule.every, churn.schedule.anchor) == ("0 6 * * *", None, None)
    assert churn.schedule.delay == timedelta(minutes=5)
    assert churn.columns.exclude == ("c",)
    assert churn.labels == {"team": "growth", "tier": "1"}
    assert fraud.captures.path == tmp_path / "data/f", "also in an included file: relative to the including one"
    assert fraud.schedule.anchor == datetime(2026, 1, 1, tzinfo=UTC)
    assert fraud.columns.exclude == ("a", "b")
    assert Path(fraud.places[("captures", "path")].file).name == "fraud.yaml"


def test_a_mistake_in_the_defaults_is_told_once_also_when_every_monitor_overrides_it(tmp_path: Path) -> None:
    text = "defaults: {schedule: 5x}\nmonitors: {{a: {{{0}}}, b: {{{0}}}}}".replace("{{", "{").replace("}}", "}")
    told = "driftd.yaml:1: defaults.schedule: '5x' is not a duration; "
    for monitor in (CHURN, CHURN + ", schedule: 1h"):
        lines = mistakes(tmp_path, text.replace("{0}", monitor))
        assert len(lines) == 1
        assert lines[0].startswith(told)


def test_mistakes_of_an_included_file_carry_its_name_and_come_after_those_of_the_main_file(tmp_path: Path) -> None:
    written(tmp_path, "defaults: {}\nmonitors:\n  churn: {}\n  x:\n    captures: c\n", "more/a.yaml")
    written(tmp_path, "- 1", "more/b.yaml")
    told = mistakes(
        tmp_path, f"include: [more/*.yaml, gone.yaml, gone/*.yaml]\nmonitors:\n  churn: {{{CHURN}}}\n  y: 5\n"
    )
    assert told == [
        "driftd.yaml:1: include[1]: 'gone.yaml': no such file beside driftd.yaml; the path of a file would be right",
        "driftd.yaml:1: include[2]: 'gone/*.yaml': no such file beside driftd.yaml; "
        "a pattern that matches a file would be right",
        "driftd.yaml:4: monitors.y: 5 is not a mapping; {key: value} would be right",
        "more/a.yaml:1: key 'defaults': an included file holds monitors only; write it in the including file",
        "more/a.yaml:3: monitors.churn: monitor 'churn' is written twice, first in driftd.yaml:3; give it another name",
        "more/a.yaml:4: monitors.x: key 'baseline' is missing; `baseline: baselines/churn` would be right",
        "more/b.yaml:1: a list at the top; `monitors:` with one monitor would be right",
    ]


def test_a_file_that_includes_itself_by_a_pattern_is_read_once(tmp_path: Path) -> None:
    assert list(loaded(tmp_path, f"include: '*.yaml'\nmonitors: {{m: {{{CHURN}}}}}").monitors) == ["m"]


@pytest.mark.parametrize("key", ["segments", "facets"])
def test_later_keys_of_a_monitor_are_refused_where_they_stand(tmp_path: Path, key: str) -> None:
    later = f"key '{key}': comes with a later version of driftd and does nothing yet; remove it"
    assert one(tmp_path, f"{CHURN}, {key}: x") == [f"monitors.m: {later}"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("captures: 5, baseline: b", "captures: 5 is not a path; the path of a file or folder would be right"),
        ("captures: [c], baseline: b", "captures: a list is not a mapping; {key: value} would be right"),
        (
            "captures: 's3://me:pass@b/c', baseline: b",
            "captures: 's3://***@b/c' is a URL with credentials or a query, which everyone would see who reads it; "
            "the environment, or the role of the machine, would be the right place",
        ),
        (
            "captures: c, baseline: 'ftp://host/b'",
            "baseline: 'ftp://host/b' is no place that driftd reads: protocol 'ftp'; "
            "s3://, gs://, az:// or abfs:// with a bucket, or a local path would be right",
        ),
        (
            "captures: {path: c, format: sagemakr}, baseline: b",
            "captures.format: 'sagemakr' is not a capture format; did you mean 'sagemaker'?",
        ),
        (
            "captures: {path: c, format: {jsonl: {}}}, baseline: b",
            "captures.format: has nothing under 'jsonl'; {id: $.id, inputs: $.inputs} would be right",
        ),
        (
            "captures: {path: c, header: true}, baseline: b",
            "captures.header: true is not known here; auto, yes or no would be right",
        ),
        (CHURN + ", endpoint: {version: 1.10}", "endpoint.version: 1.10 is not a text; put it in quotes"),
        (CHURN + ", labels: {token: 123}", "labels.token: the value (hidden) is not a text; put it in quotes"),
        (
            CHURN + ", labels: {9a: x}",
            "labels: has label '9a'; letters, digits and _ would be right, not a digit or __ first",
        ),
        (CHURN + ", alarm: {tolerance: 250%}", "alarm.tolerance: '250%' is not a share; "
         "a per cent such as 2.5% or a number from 0 to 1 would be right"),
        (CHURN + ", limits: {time: 0s}",
         "limits.time: '0s' is no time at all; a duration above 0 would be right, such as 1h"),
        (CHURN + ", checks: []", "checks: has no check, and would judge nothing; [driftd] would be right"),
        (CHURN + ", checks: [{rule: range, required: yes}]", "checks[0].required: 'yes' is not a truth value; "
         "true or false would be right"),
        (CHURN + ", columns: {exclude: [1]}",
         'columns.exclude: a list is not a list of texts; ["a", "b*"] would be right'),
        (CHURN + ", columns: ", "columns: nothing is not a mapping; {key: value} would be right"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_with_what_would_be_right(tmp_path: Path, text: str, told: str) -> None:
    assert one(tmp_path, text) == [f"monitors.m.{told}"]


def test_the_name_of_a_monitor_can_be_the_name_of_a_folder(tmp_path: Path) -> None:
    told = mistakes(tmp_path, f"monitors:\n  ../up: {{{CHURN}}}\n")
    assert told == [
        "driftd.yaml:2: monitors.../up: '../up' is no name for a monitor; "
        "letters, digits and - _ . would be right (at most 63)"
    ]


def test_rules_are_looked_for_beside_the_file_if_that_folder_exists(tmp_path: Path) -> None:
    text = f"monitors: {{m: {{{CHURN}}}}}"
    assert loaded(tmp_path, text).rules == ()
    (tmp_path / "rules").mkdir()
    assert loaded(tmp_path, text).rules == (tmp_path / "rules",)
    assert rule_folders(tmp_path / "driftd.yaml") == (tmp_path / "rules",)
    right = "and there is no such folder; one with rule files would be right"
    assert mistakes(tmp_path, "rules: mine\n" + text) == [f"driftd.yaml:1: rules: names 'mine', {right}"]
    assert rule_folders(tmp_path / "driftd.yaml") == ()


def test_rule_folders_are_told_whatever_else_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    path = written(tmp_path, "rules: [mine, 5, gone]\nmonitors: 7\nbaseline: [")
    assert rule_folders(path) == ()
    assert rule_folders(written(tmp_path, "rules: [mine, 5, gone]\nmonitors: 7")) == (tmp_path / "mine",)


def test_formats_are_those_that_can_be_decoded(tmp_path: Path) -> None:
    for name in FORMATS:
        loaded(tmp_path, f"monitors: {{m: {{captures: {{path: c, format: {name}}}, baseline: b}}}}")
    text = "monitors: {m: {captures: {path: c, format: mine}, baseline: b}}"
    assert loaded(tmp_path, text, formats=["mine"]).monitors["m"].captures.format == "mine"


@pytest.mark.parametrize("text", ["monitors: {}", "monitors:", "state: s"])
def test_a_configuration_without_a_monitor_is_a_mistake(tmp_path: Path, text: str) -> None:
    told = mistakes(tmp_path, text)
    assert len(told) == 1
    assert told[0].endswith("no monitor; `monitors: {churn: {captures: ..., baseline: ...}}` would be right")


@pytest.mark.parametrize("key", ["monitors", "defaults"])
def test_what_should_be_a_mapping_and_is_not_is_told_once(tmp_path: Path, key: str) -> None:
    rest = "" if key == "monitors" else f"\nmonitors: {{m: {{{CHURN}}}}}"
    told = mistakes(tmp_path, f"{key}: 5{rest}")
    assert told == [f"driftd.yaml:1: {key}: 5 is not a mapping; {{key: value}} would be right"]
