"""Call-backs are believed by signature and age, and by nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from parvis_hosted_payments.provider import LARGEST, HostedPayments
from parvis_hosted_payments.settings import Account, Settings
from parvis_sdk.errors import Refused
from parvis_sdk.payments import SignedCall
from parvis_sdk.signatures import signature, trouble_with

# The example of the standard's own libraries.
SECRET = "whsec_plJ3nmyCDGBKInavdOK15jsl"
BODY = b'{"event_type":"ping","data":{"success":true}}'
ID, SENT = "msg_loFOjxBNrRLzqYUf", 1731705121
SIGNED = "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="
NOW = datetime.fromtimestamp(SENT, UTC)


def headers(**changed):
    given = {"webhook-id": ID, "webhook-timestamp": str(SENT), "webhook-signature": SIGNED}
    return given | {f"webhook-{name}": value for name, value in changed.items()}


def trouble(body=BODY, now=NOW, secrets=(SECRET,), **changed):
    return trouble_with(headers(**changed), body, now, secrets, 300)


def test_the_signature_is_that_of_the_standard():
    assert signature(SECRET, ID, SENT, BODY) == SIGNED
    assert trouble() is None


def test_one_of_several_signatures_and_one_of_several_secrets_is_enough():
    assert trouble(signature=f"v1,AAAA v1a,BBBB {SIGNED}") is None
    assert trouble(secrets=("whsec_b3RoZXI=", SECRET)) is None


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"signature": ""}, "not signed"),
        ({"id": ""}, "not signed"),
        ({"id": "msg_another"}, "none of ours"),
        ({"timestamp": ""}, "when it was sent"),
        ({"timestamp": "soon"}, "when it was sent"),
        ({"timestamp": "٣"}, "when it was sent"),
        ({"timestamp": str(SENT + 1)}, "none of ours"),
        ({"signature": SIGNED[:-2] + "A="}, "none of ours"),
        ({"signature": "v1,é"}, "none of ours"),
        ({"body": BODY + b" "}, "none of ours"),
        ({"now": NOW + timedelta(seconds=301)}, "too long ago"),
        ({"now": NOW - timedelta(seconds=301)}, "not yet"),
        ({"secrets": ()}, "none of ours"),
        ({"secrets": ("whsec_!",)}, "none of ours"),
    ],
)
def test_anything_else_is_not_believed(given, why):
    assert why in str(trouble(**given))


async def test_what_is_signed_and_cannot_be_read_is_refused():
    hosted = HostedPayments(Settings(base_url="https://pay.example", secret_key="k", call_secret=SECRET))
    for body in (b"", b"[]", b'{"type":"session.paid","data":{"id":1}}', b"\xff", b"x" * (LARGEST + 1)):
        signed = {**headers(signature=signature(SECRET, ID, SENT, body))}
        with pytest.raises(Refused):
            await hosted.understand(SignedCall(town="parvis", headers=signed, body=body, at=NOW))
    ping = b'{"type":"ping"}'
    signed = headers(signature=signature(SECRET, ID, SENT, ping))
    assert await hosted.understand(SignedCall(town="parvis", headers=signed, body=ping, at=NOW)) == []


SECRETS = {
    "ours": "whsec_" + "b3Vy" * 8,
    "our_last": "whsec_" + "bGFz" * 8,
    "theirs": "whsec_" + "dGhl" * 8,
    "their_last": "whsec_" + "dGhs" * 8,
}


@pytest.mark.parametrize(
    ("town", "key", "believed"),
    [("parvis", "k", {"ours", "our_last"}), ("rivemont", "r", {"theirs", "their_last"})],
)
async def test_each_town_has_its_account_and_believes_its_own_secrets_alone(town, key, believed):
    theirs = Account(secret_key="r", call_secret=SECRETS["theirs"], call_secret_before=SECRETS["their_last"])
    settings = Settings(
        base_url="https://pay.example",
        secret_key="k",
        call_secret=SECRETS["ours"],
        call_secret_before=SECRETS["our_last"],
        secret_accounts={"rivemont": theirs},
    )
    assert settings.account(town).secret_key == key
    hosted, ping, found = HostedPayments(settings), b'{"type":"ping"}', set()
    for name, secret in SECRETS.items():
        signed = headers(signature=signature(secret, ID, SENT, ping))
        try:
            await hosted.understand(SignedCall(town=town, headers=signed, body=ping, at=NOW))
        except Refused:
            continue
        found.add(name)
    assert found == believed


async def test_a_town_without_an_account_believes_nobody():
    hosted = HostedPayments(
        Settings(
            base_url="https://pay.example",
            secret_accounts={"rivemont": Account(secret_key="r", call_secret=SECRETS["theirs"])},
        )
    )
    signed = headers(signature=signature(SECRETS["theirs"], ID, SENT, b"{}"))
    with pytest.raises(Refused, match="none of ours"):
        await hosted.understand(SignedCall(town="parvis", headers=signed, body=b"{}", at=NOW))


@pytest.mark.parametrize(
    "given",
    [
        {"base_url": "http://pay.example", "secret_key": "k", "call_secret": "s"},
        {"base_url": "pay.example", "secret_key": "k", "call_secret": "s"},
        {"base_url": "https://pay.example", "secret_key": "k"},
    ],
)
def test_settings_that_would_be_unsafe_are_refused(given):
    with pytest.raises(ValueError, match=r"https|secret"):
        Settings(**given)
