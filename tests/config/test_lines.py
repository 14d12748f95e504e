from pathlib import Path

import pytest
from config.files import CHURN, loaded, mistakes, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.config.load import load, rule_folders
from monitor.config.show import show
from monitor.errors import ConfigError

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True)
)


def told_of(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path)
    return str(caught.value).replace(f"{path.parent}/", "")


IN_QUOTES = "a text with @ in front, or with ? between braces, is to be in quotes: '@daily', 'cron(0 * ? * * *)'"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "f.yaml: the file is empty; at least `monitors:` with one monitor would be right"),
        (b"# nothing\n", "f.yaml: the file is empty; at least `monitors:` with one monitor would be right"),
        (b"- a\n", "f.yaml:1: a list at the top; `monitors:` with one monitor would be right"),
        (b"text", "f.yaml:1: 'text' at the top; `monitors:` with one monitor would be right"),
        (b"\n\x89PNG\r\n", "f.yaml:2: byte 0x89 is not UTF-8 text"),
        (b"a: b\x00c", "f.yaml:1: character 0x00 is not text"),
        (b"monitors:\n\tm: {}\n", "f.yaml:2: a tab; YAML is indented with spaces"),
        (b"a: b\nc: [d\n", "f.yaml:3: not YAML: expected ',' or ']', but got '<stream end>'"),
        (b"a: 1\n---\nb: 1\n", "f.yaml:2: a second document begins here (`---`); one file holds one document"),
        (b"a: */5 * * * *\n", "f.yaml:1: an alias that names no anchor; put a value that begins with `*` in quotes"),
        (b"a: @daily\n", f"f.yaml:1: {IN_QUOTES}"),
        (b"a: {b: cron(0 * ? * * *)}\n", f"f.yaml:1: {IN_QUOTES}"),
        (b"a: *abc\n", "f.yaml:1: an alias that names no anchor; put a value that begins with `*` in quotes"),
        (b'a: "\\UFFFFFFFF"', "f.yaml: not YAML: an escape or a directive has a number beyond what there is"),
        (b"[" * 3000, "f.yaml: values are nested too deep; a configuration has a few levels"),
        (b"a: &a {b: *a}", "f.yaml: values are nested too deep; a configuration has a few levels"),
        (b"a: 1\n" * 1_000_000, "f.yaml: more than 4 MiB; that is no configuration"),
    ],
)
def test_a_file_that_is_no_configuration_is_a_mistake_with_its_line(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(content)
    assert told_of(path) == told


def test_a_path_that_cannot_be_read_is_a_mistake(tmp_path: Path) -> None:
    right = "the path of a YAML file would be right"
    assert told_of(tmp_path / "gone.yaml") == f"gone.yaml: cannot be read: No such file or directory; {right}"
    assert told_of(tmp_path).endswith(f": not a file; {right}")
    assert "null" in told_of(tmp_path / "a\0b")


def test_aliases_that_expand_without_end_are_a_mistake(tmp_path: Path) -> None:
    told = mistakes(tmp_path, BOMB)
    assert len(told) == 1
    assert told[0].endswith("more than 100000 values once aliases are expanded; write them out")


def test_tags_are_not_taken_and_nothing_is_run(tmp_path: Path) -> None:
    told = mistakes(tmp_path, f"state: !!python/object/apply:os.abort []\nmonitors: {{m: {{{CHURN}}}}}")
    right = "plain YAML without tags would be right"
    assert told == [f"driftd.yaml:1: state: tag '!!python/object/apply:os.abort' is not taken; {right}"]


def test_keys_are_texts_and_written_once(tmp_path: Path) -> None:
    told = mistakes(
        tmp_path,
        f"""\
        monitors:
          m:
            captures: c
            baseline: b
            baseline: d
            labels: {{1: a, [x]: b, no: c, "\\ud800": d}}
            endpoint: "\\ud800"
          m: {{{CHURN}}}
        """,
    )
    assert told == [
        "driftd.yaml:5: monitors.m: key 'baseline' is written twice, first at line 4; keep one",
        "driftd.yaml:6: monitors.m.labels: key '1' is not a text; put it in quotes",
        "driftd.yaml:6: monitors.m.labels: key of several values is not a text; put it in quotes",
        "driftd.yaml:6: monitors.m.labels: key '\\ud800' has characters that are not text",
        "driftd.yaml:7: monitors.m.endpoint: '\\ud800' has characters that are not text",
        "driftd.yaml:8: monitors: key 'm' is written twice, first at line 2; keep one",
    ]


def test_words_that_old_yaml_reads_as_something_else_are_texts(tmp_path: Path) -> None:
    config = loaded(tmp_path, f"monitors: {{m: {{{CHURN}, columns: {{exclude: [no, on, 12:30, 2026-01-01, 0x1F]}}}}}}")
    assert config.monitors["m"].columns.exclude == ("no", "on", "12:30", "2026-01-01", "0x1F")


def test_an_anchor_may_be_used_again_and_its_mistakes_are_told_where_it_stands(tmp_path: Path) -> None:
    told = mistakes(tmp_path, "monitors:\n  a: &a\n    captures: 1\n    baseline: b\n  b: *a\n")
    assert told == [
        "driftd.yaml:3: monitors.a.captures: 1 is not a path; the path of a file or folder would be right",
        "driftd.yaml:3: monitors.b.captures: 1 is not a path; the path of a file or folder would be right",
    ]


def loads_or_tells(folder: Path, content: bytes) -> None:
    path = folder / "fuzz.yaml"
    path.write_bytes(content)
    rule_folders(path)
    told = ""
    try:
        shown = show(load(path))
    except ConfigError as error:
        told = str(error)
    else:
        path.write_text(shown, encoding="utf-8")
        assert show(load(path)) == shown
    assert not told or all(line.startswith(str(path)) for line in told.split("\n"))
    told.encode()


FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
KEYS = st.sampled_from(
    [
        *("endpoint", "captures", "columns", "baseline", "schedule", "checks", "alarm", "labels", "limits", "cron"),
        *("every", "anchor", "window", "catchup", "late", "path", "format", "header", "exclude", "rule", "features"),
        *("severity", "enabled", "tolerance", "memory", "time", "name", "state", "rules", "include", "defaults"),
    ]
)
SCALARS = st.sampled_from(
    ["1h", "b", "c", "yes", "true", "5", "2.5%", "1GiB", "driftd", "range", "'*'", "", "0 * * * *", "[]", "2026-01-01",
     "1e400", "-1", "~", "&a x", "*a", "!!int x", "9" * 5000]
)  # fmt: skip
TREES = st.recursive(
    SCALARS,
    lambda inner: (
        st.dictionaries(KEYS, inner, max_size=4).map(lambda d: "{" + ", ".join(f"{k}: {v}" for k, v in d.items()) + "}")
        | st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]")
    ),
    max_leaves=12,
)


@FUZZ
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_a_configuration_or_a_mistake(tmp_path: Path, content: bytes) -> None:
    loads_or_tells(tmp_path, content)


@FUZZ
@given(key=KEYS, value=TREES, top=TREES)
def test_any_values_under_known_keys_are_a_configuration_or_a_mistake(
    tmp_path: Path, key: str, value: str, top: str
) -> None:
    monitor = f"captures: c\n    baseline: b\n    {key}: {value}\n"
    loads_or_tells(tmp_path, f"monitors:\n  m:\n    {monitor}".encode())
    loads_or_tells(tmp_path, f"{key}: {top}\nmonitors:\n  m:\n    {monitor}".encode())


def test_a_byte_order_mark_is_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, f"\ufeffmonitors: {{m: {{{CHURN}}}}}")
    assert list(load(path).monitors) == ["m"]
