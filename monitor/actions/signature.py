"""Signature: by which a receiver knows that a message is driftd's, as Standard Webhooks has it (version 1, symmetric).

Its libraries check it in a dozen languages. https://github.com/standard-webhooks/standard-webhooks
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from monitor.actions.secret import Secret

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64
"""Bytes of a key."""


def signed(body: bytes, id: str, at: datetime, secrets: Sequence[Secret]) -> dict[str, str]:
    """The headers for a body that is sent at this moment, with a signature for each secret.

    Several are for changing them: who knows the old or the new one finds its own. The moment is that of this attempt,
    for receivers refuse old ones; the id stays.
    """
    seconds = str(int(at.timestamp()))
    told = f"{id}.{seconds}.".encode() + body
    signatures = (base64.b64encode(hmac.digest(key(secret), told, hashlib.sha256)).decode() for secret in secrets)
    return {
        "webhook-id": id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def key(secret: Secret) -> bytes:
    """The key that a secret writes: whsec_ and base64 of 24 to 64 bytes. ValueError says what would be right."""
    try:
        found = base64.b64decode(secret.text.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if not secret.text.startswith(PREFIX) or not SHORTEST <= len(found) <= LONGEST:
        raise ValueError(f"secret: {PREFIX} and base64 of {SHORTEST} to {LONGEST} random bytes would be right")
    return found
