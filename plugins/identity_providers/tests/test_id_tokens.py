"""Tokens of a provider: which are believed, and each way of being wrong that is refused."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from authlib.oidc.core.util import create_half_hash

from parvis import clock
from parvis_identity_providers.id_tokens import (
    LOGGED_OUT,
    NoSuchKey,
    TokenExpectation,
    read_id_token,
    read_logout_token,
    usable_keys,
)
from parvis_sdk.errors import Refused

from .sham_provider import CLIENT, CURVE, ISSUER, KEY, OTHER, by_public_key, claims, token, unsigned

EXPECTED = TokenExpectation(issuer=ISSUER, client_id=CLIENT, nonce="n", access_token="a")
KEYS = (KEY, CURVE)
NOW = int(clock.now().timestamp())


@pytest.fixture(autouse=True)
def this_moment() -> Iterator[None]:
    """Tokens are read at the moment that the examples were written for."""
    with clock.moved_to(datetime.fromtimestamp(NOW, UTC)):
        yield


def read(payload, key=KEY, alg="RS256", **header):
    return read_id_token(token(payload, key, alg, **header), KEYS, EXPECTED)


@pytest.mark.parametrize(
    "good",
    [
        {},
        {"aud": [CLIENT]},
        {"aud": [CLIENT, "other"], "azp": CLIENT},
        {"at_hash": create_half_hash("a", "RS256").decode()},
        {"exp": NOW - 30},
        {"iat": NOW + 30, "nbf": NOW + 30},
    ],
)
def test_a_good_token_is_believed(good):
    assert read(claims(**good))["sub"] == "lea"


def test_a_token_of_another_kind_of_key_without_its_name_is_believed():
    assert read(claims(), CURVE, "ES256", kid=None if CURVE.kid is None else CURVE.kid)["sub"] == "lea"


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ({"iss": "https://evil.example"}, "another issuer"),
        ({"iss": None}, "another issuer"),
        ({"aud": []}, "not for us"),
        ({"aud": None}, "not for us"),
        ({"aud": "another"}, "not for us"),
        ({"aud": ["another"]}, "not for us"),
        ({"aud": {"parvis": 1}}, "not for us"),
        ({"aud": [CLIENT, "other"]}, "another application"),
        ({"azp": "other"}, "another application"),
        ({"exp": NOW - 300}, "over"),
        ({"exp": None}, "no end"),
        ({"exp": "never"}, "strange exp"),
        ({"exp": True}, "strange exp"),
        ({"iat": None}, "just now"),
        ({"iat": NOW - 3600}, "just now"),
        ({"iat": NOW + 3600}, "just now"),
        ({"nbf": NOW + 3600}, "not good yet"),
        ({"nonce": "m"}, "another sign-in"),
        ({"nonce": None}, "another sign-in"),
        ({"nonce": ["n"]}, "another sign-in"),
        ({"at_hash": create_half_hash("b", "RS256").decode()}, "another access token"),
        ({"at_hash": 7}, "another access token"),
        ({"sub": None}, "nobody's name"),
        ({"sub": ""}, "nobody's name"),
        ({"sub": ["lea"]}, "nobody's name"),
        ({"sub": "l" * 256}, "nobody's name"),
    ],
)
def test_a_token_that_is_wrong_in_one_thing_is_refused(bad, why):
    with pytest.raises(Refused, match=why):
        read(claims(**bad))


def test_nobody_signs_for_the_provider():
    good = claims()
    with pytest.raises(Refused, match="'none'"):
        read_id_token(unsigned(good), KEYS, EXPECTED)
    with pytest.raises(Refused, match="'HS256'"):
        read_id_token(by_public_key(good), KEYS, EXPECTED)
    with pytest.raises(NoSuchKey):
        read(good, OTHER)
    with pytest.raises(Refused, match="signature"):
        read(good, OTHER, kid=KEY.kid)
    head, _, signature = token(good).split(".")
    _, payload, _ = token(good | {"sub": "eve"}).split(".")
    with pytest.raises(Refused, match="signature"):
        read_id_token(f"{head}.{payload}.{signature}", KEYS, EXPECTED)


@pytest.mark.parametrize("nonsense", ["", "a.b", "a.b.c", "....", "\u00e9.\u00e9.\u00e9", "x" * 70_000])
def test_what_is_no_token_is_refused(nonsense):
    with pytest.raises(Refused):
        read_id_token(nonsense, KEYS, EXPECTED)


def test_without_a_nonce_of_ours_nothing_is_believed():
    with pytest.raises(Refused, match="another sign-in"):
        read_id_token(token(claims(nonce="")), KEYS, TokenExpectation(issuer=ISSUER, client_id=CLIENT))


def test_keys_that_we_cannot_use_are_left_out_and_the_others_stay():
    strange = [{"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}, {"kty": "RSA"}, "key", None, {"kty": "oct", "k": "AAAA"}]
    for_secrets = KEY.as_dict(private=False) | {"use": "enc"}
    assert [key.kid for key in usable_keys({"keys": [*strange, for_secrets, KEY.as_dict(private=False)]})] == ["first"]
    assert usable_keys([]) == usable_keys({"keys": "none"}) == usable_keys(None) == ()


def test_a_word_of_leaving_is_no_sign_in_and_a_sign_in_no_word_of_leaving():
    left = claims(nonce=None, events={LOGGED_OUT: {}}, sid="s")
    assert read_logout_token(token(left), KEYS, EXPECTED)["sid"] == "s"
    for wrong in ({"events": None}, {"events": {}}, {"nonce": "n"}, {"sub": None, "sid": None}, {"aud": []}):
        with pytest.raises(Refused):
            read_logout_token(token({k: v for k, v in (left | wrong).items() if v is not None}), KEYS, EXPECTED)
    with pytest.raises(Refused):
        read_id_token(token(left), KEYS, EXPECTED)
