"""Health, readiness, reload and the scrape, as probes and Prometheus see them."""

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from web.memory import Memory, bearer, client


@pytest.mark.parametrize("path", ["/-/healthy", "/-/ready"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_probe_is_told_200_or_503_and_why(path: str, method: str) -> None:
    daemon = Memory()
    browser = client(daemon)
    fine = browser.request(method, path)
    daemon.unhealthy = daemon.unready = "the store is being restored"
    bad = browser.request(method, path)
    assert (fine.status_code, bad.status_code) == (200, 503)
    assert bad.text == ("the store is being restored\n" if method == "GET" else "")
    assert browser.post(path).status_code == 405


def test_a_scrape_is_in_the_format_and_the_size_that_was_asked_for() -> None:
    browser = client()
    text = browser.get("/metrics", headers={"Accept-Encoding": "identity"})
    assert text.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "content-encoding" not in text.headers
    assert 'driftd_feature_drifted{monitor="churn",feature="age"} 1.0\n' in text.text
    opened = browser.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert opened.headers["content-encoding"] == "gzip"
    assert len(list(text_string_to_metric_families(opened.text))) > 50
    assert "vary" in opened.headers
    few = browser.get("/metrics?name[]=driftd_monitors&name[]=driftd_leader")
    assert {line.split(" ")[0] for line in few.text.splitlines() if line[0] != "#"} == {
        "driftd_monitors",
        "driftd_leader",
    }


def test_head_of_a_scrape_has_no_body() -> None:
    answer = client().head("/metrics")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_reload_over_http_has_to_be_turned_on(method: str) -> None:
    off, on = Memory(), Memory()
    refused = client(off).request(method, "/-/reload")
    assert refused.status_code == 403
    assert "web.lifecycle: true" in refused.text
    assert ("reload",) not in [told[:1] for told in off.told]
    assert off.told[0][:2] == ("audit", "/-/reload")
    assert off.told[0][4] == "denied"
    assert client(on, lifecycle=True).request(method, "/-/reload").status_code == 200
    assert [told[0] for told in on.told] == ["reload", "audit"]
    assert client(on, lifecycle=True).get("/-/reload").status_code == 405


def test_a_reload_that_fails_says_where_and_readiness_stays() -> None:
    daemon = Memory(broken_config="driftd.yaml:3: monitors.churn: unknown key 'basline'; did you mean 'baseline'?")
    browser = client(daemon, lifecycle=True)
    answer = browser.post("/-/reload")
    assert (answer.status_code, answer.text.startswith("failed to reload config: driftd.yaml:3:")) == (500, True)
    assert browser.get("/-/ready").status_code == 200


def test_only_a_token_of_scope_admin_reloads_where_lifecycle_is_off() -> None:
    from web.memory import TOKENS

    browser = client(tokens=TOKENS)
    codes = {name: browser.post("/-/reload", headers=bearer(name)).status_code for name in ("reader", "writer", "boss")}
    assert codes == {"reader": 403, "writer": 403, "boss": 200}


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://["}, 403),
        ({"Origin": "http://127.0.0.1:9465", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({}, 200),
    ],
)
def test_another_sites_page_reloads_nothing(headers: dict[str, str], code: int) -> None:
    daemon = Memory()
    assert client(daemon, lifecycle=True).post("/-/reload", headers=headers).status_code == code
    assert ("reload" in [told[0] for told in daemon.told]) == (code == 200)
