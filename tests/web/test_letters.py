"""Dead letters by the API: listed, and sent once more."""

from web.memory import TOKENS, Memory, bearer, client

ALL = "/api/v1/dead_letters"


def test_they_are_listed_with_why_and_sent_once_more_by_whoever_has_a_token() -> None:
    daemon = Memory()
    (row,) = client(daemon).get(ALL).json()["data"]["items"]
    assert (row["receiver"], row["kind"], row["why"]) == ("ops", "incident.opened", "410 gone")
    browser = client(daemon, tokens=TOKENS)
    answer = browser.post(f"{ALL}/replay", json={"receiver": "ops"}, headers=bearer("writer"))
    assert (answer.status_code, answer.json()["data"]) == (202, {"receiver": "ops", "letters": 1})
    assert [told[:2] for told in daemon.told] == [("replay", "ops"), ("audit", "dead_letters.replay")]


def test_what_is_no_receiver_is_refused() -> None:
    daemon = Memory()
    browser = client(daemon, tokens=TOKENS)
    unknown = browser.post(f"{ALL}/replay", json={"receiver": "opps"}, headers=bearer("writer"))
    assert (unknown.status_code, unknown.json()["error"]) == (422, "route 'opps': unknown; did you mean 'ops'?")
    empty = browser.post(f"{ALL}/replay", json={}, headers=bearer("writer"))
    assert (empty.status_code, '{"receiver": "ops"} would be right' in empty.json()["error"]) == (400, True)
