"""Signatures of call-backs: only who has a secret that protects is believed."""

from datetime import UTC, datetime

import pytest

from parvis_sdk.signatures import LONGEST, shared_keys, signature, trouble_with

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
AT = int(NOW.timestamp())
SECRET = "whsec_" + "c2VjcmV0" * 6


def told(*secrets, by=SECRET, id="1", body=b"{}"):
    headers = {"webhook-id": id, "webhook-timestamp": str(AT), "webhook-signature": signature(by, id, AT, body)}
    return trouble_with(headers, body, NOW, secrets, 300)


def test_a_call_signed_with_one_of_the_secrets_is_believed():
    assert told("whsec_" + "b3RoZXJz" * 6, SECRET) is None
    assert told("whsec_" + "b3RoZXJz" * 6) == "its signature is none of ours"


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_***", "_", "=", "whsec_YWJj", "whsec_" + "****" * 20])
def test_what_is_no_key_signs_nothing_and_nobody_is_believed_by_it(secret):
    with pytest.raises(ValueError, match=r"."):
        signature(secret, "1", AT, b"{}")
    assert told(secret) == "its signature is none of ours"
    assert told(secret, SECRET) is None


def test_an_id_is_believed_whole_or_not_at_all():
    assert told(SECRET, id="a" * LONGEST) is None
    assert told(SECRET, id="a" * LONGEST + "b") == "what it is signed with is too long"


def test_two_addresses_with_one_key_are_found_however_it_is_written():
    mine, other = "whsec_" + "c2VjcmV0" * 6, "whsec_" + "YXV0cmVz" * 6
    given = {"a": (mine, mine), "b": (other,), "c": ("c2VjcmV0" * 6, "no key")}
    assert shared_keys(given) == {"a": "c", "c": "a"}
    assert shared_keys({"a": (mine,), "b": ()}) == {}
