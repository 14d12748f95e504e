"""The key `engine`: at the top for all monitors, and in one for itself."""

from pathlib import Path

import pytest
from config.files import CHURN, loaded, mistakes, one

from monitor.config.grammar import Monitor
from monitor.config.show import document


def test_the_engine_at_the_top_is_every_monitors_that_names_none(tmp_path: Path) -> None:
    text = f"""
        engine: processes
        defaults: {{}}
        monitors:
          a: {{{CHURN}}}
          b: {{{CHURN}, engine: local}}
          c: {{{CHURN}, engine: {{spark: {{master: "local[2]", options: {{spark.executor.cores: 2}}}}}}}}
    """
    monitors = loaded(tmp_path, text).monitors
    spark = {"spark": {"master": "local[2]", "options": {"spark.executor.cores": "2"}}}
    assert [monitors[name].engine for name in "abc"] == ["processes", "local", spark]
    again = Monitor.model_validate(
        document(monitors["c"]), context={"folder": tmp_path, "formats": (), "name": "c", "places": {}}
    )
    assert again.engine == spark


def test_defaults_go_before_the_top_and_without_both_it_is_local(tmp_path: Path) -> None:
    text = f"engine: processes\ndefaults: {{engine: spark}}\nmonitors: {{m: {{{CHURN}}}}}"
    assert loaded(tmp_path, text).monitors["m"].engine == {"spark": {"master": "", "options": {}}}
    assert loaded(tmp_path, f"monitors: {{m: {{{CHURN}}}}}").monitors["m"].engine == "local"


@pytest.mark.parametrize("short", ["spark", "{spark: }", "{spark: {}}"])
def test_spark_alone_is_whatever_the_environment_says(tmp_path: Path, short: str) -> None:
    found = loaded(tmp_path, f"monitors: {{m: {{{CHURN}, engine: {short}}}}}").monitors["m"].engine
    assert found == {"spark": {"master": "", "options": {}}}


RIGHT = "local, processes or {spark: {master: 'spark://host:7077'}} would be right"


@pytest.mark.parametrize(
    ("engine", "told"),
    [
        ("proceses", "'proceses' is no engine; did you mean 'processes'?"),
        ("5", f"5 is no engine; {RIGHT}"),
        ("{dask: {}}", f"a mapping is no engine; {RIGHT}"),
        ("{spark: [a]}", f"has a spark that is no mapping; {RIGHT}"),
        ("{spark: {mastr: x}}", "has the unknown key 'mastr' under spark; did you mean 'master'?"),
        ("{spark: {master: 5}}", "has a master that is no text; 'local[2]' or spark://host:7077 would be right"),
        ("{spark: {options: [a]}}", "has options that are no mapping; {spark.executor.memory: 4g} would be right"),
    ],
)
def test_what_is_no_engine_is_told_once_where_it_stands(tmp_path: Path, engine: str, told: str) -> None:
    assert one(tmp_path, f"{CHURN}, engine: {engine}") == [f"monitors.m.engine: {told}"]
    assert len(mistakes(tmp_path, f"engine: {engine}\nmonitors: {{m: {{{CHURN}}}}}")) == 1
