"""Baselines' pages: versions, what two of them differ in, what is not there."""

from web.memory import TOKENS, client
from web.pages.test_layout import Elements


def test_every_monitor_leads_to_the_versions_of_its_baseline() -> None:
    links = [attrs["href"] for tag, attrs in Elements(client().get("/baselines").text).found if tag == "a"]
    assert "./baselines?monitor=upsell" in links


def test_a_version_can_be_made_current_that_is_not() -> None:
    text = client(tokens=TOKENS).get("/baselines?monitor=churn", auth=("", "w-secret")).text
    values = [attrs["value"] for _, attrs in Elements(text).found if attrs.get("name") == "version"]
    assert values == ["v2"]
    assert "10 older ones are not shown" in text


def test_two_versions_are_compared() -> None:
    text = client().get("/baselines?monitor=churn&first=v1&second=v2").text
    assert "v1 → v2" in text
    assert "mean 1 → 2" in text
    assert "<img" not in text


def test_what_there_is_not_is_told() -> None:
    unknown = client().get("/baselines?monitor=churn&first=v1&second=v9")
    assert (unknown.status_code, "there are: v1, v2" in unknown.text) == (422, True)
    assert client().get("/baselines?monitor=nobody").status_code == 404
    assert "no baseline is there" in client().get("/baselines?monitor=upsell").text
