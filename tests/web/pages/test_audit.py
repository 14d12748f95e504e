"""Who did what: page by page, with what it was about."""

from web.memory import client
from web.pages.test_layout import Elements


def test_it_is_told_who_did_what_to_which_incident() -> None:
    text = client().get("/audit").text
    assert "token ops" in text
    assert "muted an incident" in text
    links = [attrs["href"] for tag, attrs in Elements(text).found if tag == "a"]
    assert "./incidents/churn%3A1" in links
    assert "./monitors/gone" not in links  # it is in the configuration no more
    assert "<img" not in text


def test_it_comes_page_by_page() -> None:
    links = [attrs["href"] for tag, attrs in Elements(client().get("/audit?limit=1").text).found if tag == "a"]
    assert "./audit?limit=1&cursor=1" in links
    assert "The latest" in client().get("/audit?limit=1&cursor=1").text
