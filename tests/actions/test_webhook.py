"""Webhooks, told to a real server on loopback."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from actions.receivers import CLIENT, NOW, OTHER, SECRET, event, receiving
from cloudevents.core.bindings.http import HTTPMessage, from_http_event

from monitor.actions.cloudevents import Mode
from monitor.actions.secret import Secret
from monitor.actions.signature import key
from monitor.actions.webhook import Webhook

URL = Secret("https://hooks.example.com/s3cr3t-path")


@pytest.mark.parametrize("mode", ["structured", "binary"])
def test_an_event_arrives_signed_and_readable(mode: Mode) -> None:
    with receiving(202) as told:
        webhook = Webhook(
            url=told.url,
            mode=mode,
            secrets=(SECRET, OTHER),
            token=Secret("t0ken"),
            headers={"X-Team": Secret("growth")},
            client=CLIENT,
        )
        assert webhook.send(event(), NOW).kind == "delivered"
        (got,) = told.got
        read: Any = from_http_event(HTTPMessage(got.headers, got.body))
        assert (read.get_id(), read.get_data()["summary"]) == ("e1", "age has moved by 0.52 standard deviations")
        assert (got.headers["authorization"], got.headers["x-team"]) == ("Bearer t0ken", "growth")
        signatures = got.headers["webhook-signature"].split(" ")
        for secret, signature in zip((SECRET, OTHER), signatures, strict=True):
            text = f"e1.{got.headers['webhook-timestamp']}.".encode() + got.body
            wanted = hmac.new(key(secret), text, hashlib.sha256).digest()
            assert signature == f"v1,{base64.b64encode(wanted).decode()}"


def test_a_second_attempt_has_the_same_id_and_body_and_its_own_moment() -> None:
    with receiving(500, 500, 200) as told:
        webhook = Webhook(url=told.url, secrets=(SECRET,), client=CLIENT)
        moments = [NOW + timedelta(minutes=minute) for minute in range(3)]
        assert [webhook.send(event(), at).kind for at in moments] == ["again", "again", "delivered"]
        assert {(got.headers["webhook-id"], got.body) for got in told.got} == {("e1", told.got[0].body)}
        assert [int(got.headers["webhook-timestamp"]) for got in told.got] == [int(at.timestamp()) for at in moments]


def test_without_secrets_nothing_is_signed() -> None:
    with receiving() as told:
        assert Webhook(url=told.url, client=CLIENT).send(event(), NOW).kind == "delivered"
        assert not {"webhook-signature", "authorization"} & set(told.got[0].headers)


def test_who_is_gone_and_who_refuses_are_told_apart() -> None:
    with receiving(410, 415) as told:
        webhook = Webhook(url=told.url, client=CLIENT)
        assert webhook.send(event(), NOW).kind == "gone"
        wrong = webhook.send(event(), NOW)
        assert (wrong.kind, "another `mode` may be right" in wrong.why) == ("refused", True)


def test_what_an_event_holds_cannot_become_a_header() -> None:
    with receiving() as told:
        odd = event(subject="a\u00a0é%0d%0aX-Evil:1".replace("\u00a0", "_"), monitor="x/../%0a")
        assert Webhook(url=told.url, mode="binary", client=CLIENT).send(odd, NOW).kind == "delivered"
        assert "x-evil" not in told.got[0].headers
        assert told.got[0].headers["ce-subject"] == "a_%C3%A9%250d%250aX-Evil:1"


def test_secrets_are_not_shown() -> None:
    webhook = Webhook(url=URL, secrets=(SECRET,), token=Secret("t0ken"), headers={"X-Key": Secret("k3y")})
    for shown in (repr(webhook), str(webhook), repr(replace(webhook, mode="binary"))):
        assert not [word for word in ("s3cr3t", "MfKQ", "t0ken", "k3y") if word in shown]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"url": Secret("ftp://a/")}, "url: http:// or https:// with a host would be right"),
        ({"secrets": (Secret("hunter2"),)}, "secret: whsec_ and base64"),
        ({"mode": "batched"}, "mode 'batched': structured or binary would be right"),
        ({"token": Secret("a\nb")}, "header authorization: its value has a line break"),
        ({"headers": {"Host": Secret("a")}}, "header 'Host': is set by the request itself"),
        ({"headers": {"Content-Type": Secret("a")}}, "header 'Content-Type': is set by the request itself"),
        ({"headers": {"CE-Id": Secret("a")}}, "header 'CE-Id': is set by the webhook itself"),
        ({"headers": {"webhook-id": Secret("a")}}, "header 'webhook-id': is set by the webhook itself"),
        ({"headers": {"Authorization": Secret("a")}, "token": Secret("b")}, "header 'Authorization': is set by the"),
        ({"headers": {"X-A": Secret("k3y\r\nX-B: c")}}, "header X-A: its value has a line break"),
    ],
)
def test_a_mistake_is_told_where_the_webhook_is_made(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=r": ") as caught:
        Webhook(**{"url": URL, **options})
    assert told in str(caught.value)
    assert "k3y" not in str(caught.value)


def test_the_bytes_are_json_as_they_stand() -> None:
    with receiving() as told:
        Webhook(url=told.url, client=CLIENT).send(event(summary="température élevée"), NOW)
        assert "température élevée".encode() in told.got[0].body
        assert json.loads(told.got[0].body)["id"] == "e1"
