"""Signatures as Standard Webhooks has them."""

from datetime import UTC, datetime

import pytest
from actions.receivers import OTHER, SECRET

from monitor.actions.secret import Secret
from monitor.actions.signature import key, signed

AT = datetime.fromtimestamp(1614265330, UTC)
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
BODY = b'{"test": 2432232314}'


def test_the_published_example_comes_out() -> None:
    assert signed(BODY, ID, AT, [SECRET]) == {
        "webhook-id": ID,
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_each_secret_signs_while_they_are_changed() -> None:
    both = signed(BODY, ID, AT, [OTHER, SECRET])["webhook-signature"].split(" ")
    assert both == [signed(BODY, ID, AT, [secret])["webhook-signature"] for secret in (OTHER, SECRET)]
    assert len(set(both)) == 2


def test_id_moment_and_body_are_signed() -> None:
    later = datetime.fromtimestamp(1614265331, UTC)
    told = [(BODY, ID, AT), (BODY + b" ", ID, AT), (BODY, ID + "x", AT), (BODY, ID, later)]
    assert len({signed(*one, [SECRET])["webhook-signature"] for one in told}) == 4


@pytest.mark.parametrize(
    "text", ["", "hunter2", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_aHVudGVyMg==", "whsec_*", "whsec_é"]
)
def test_a_weak_or_unreadable_secret_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(ValueError, match=r"^secret: whsec_ and base64 of 24 to 64 random bytes would be right$"):
        key(Secret(text))
