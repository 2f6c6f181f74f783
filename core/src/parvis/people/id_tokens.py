"""What a provider says of somebody in a signed token, believed only when everything about it is right."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256, sha384, sha512
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from parvis import clock
from parvis_sdk.errors import Refused

if TYPE_CHECKING:
    from joserfc.jwk import Key

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
HALVES = {"256": sha256, "384": sha384, "512": sha512}
SKEW = 60  # seconds that clocks may differ
OLDEST = 600  # seconds since a token was made, although it has not ended
LONGEST = 60_000
LOGGED_OUT = "http://schemas.openid.net/event/backchannel-logout"

Claims = dict[str, Any]


class NoSuchKey(Refused):
    """The token is signed by a key that is not among these; the provider may have a new one."""


class Expected(Struct, frozen=True, kw_only=True):
    """By whom, for whom and for which sign-in the token must be."""

    issuer: str
    client_id: str
    nonce: str = ""
    access_token: str = ""


def usable_keys(found: Any) -> tuple["Key", ...]:
    """The keys of a set that sign; those of a kind that we do not know are left out, as the standard asks."""
    from joserfc.errors import JoseError
    from joserfc.jwk import import_key

    listed = found.get("keys") if isinstance(found, dict) else None
    keys = []
    for each in listed if isinstance(listed, list) else ():
        if not isinstance(each, dict) or each.get("kty") not in ("RSA", "EC") or each.get("use", "sig") != "sig":
            continue
        try:
            keys.append(import_key(each))
        except (JoseError, ValueError, TypeError):
            continue
    return tuple(keys)


def read_id_token(token: str, keys: Sequence["Key"], expected: Expected) -> Claims:
    """Who has signed in; `Refused` with the reason when any check fails, `NoSuchKey` when only the key is missing."""
    header, claims = verified(token, keys)
    check_audience(claims, expected)
    check_times(claims)
    if "exp" not in claims:
        raise Refused("the token has no end")
    if not expected.nonce or not same(claims.get("nonce"), expected.nonce):
        raise Refused("the token belongs to another sign-in")
    if "at_hash" in claims and not same(claims["at_hash"], half_hash(expected.access_token, header["alg"])):
        raise Refused("the token belongs to another access token")
    subject_of(claims)
    return claims


def read_logout_token(token: str, keys: Sequence["Key"], expected: Expected) -> Claims:
    """Whose session has ended at the provider: a token of the same signer, of another kind."""
    _, claims = verified(token, keys)
    check_audience(claims, expected)
    check_times(claims)
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGGED_OUT), dict):
        raise Refused("the token does not say that somebody has left")
    if "nonce" in claims:
        raise Refused("the token is one of a sign-in")
    if not claims.get("sid") and not claims.get("sub"):
        raise Refused("the token says nobody's name")
    return claims


def verified(token: str, keys: Sequence["Key"]) -> tuple[dict[str, Any], Claims]:
    """Header and content of a token that one of these keys has signed."""
    from joserfc import jws
    from joserfc.errors import JoseError

    if len(token) > LONGEST:
        raise Refused("the token is too long")
    registry = jws.JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError) as error:
        raise Refused("the token cannot be read") from error
    algorithm = header.get("alg")
    if algorithm not in ALGORITHMS:
        raise Refused(f"the token is signed by {algorithm!r}, which is not accepted")
    fitting = [key for key in keys if fits(key, header)]
    if not fitting:
        raise NoSuchKey("the token is signed by a key that the provider does not show")
    for key in fitting:
        try:
            signed = jws.deserialize_compact(token, key, registry=registry)
            claims = msgspec.json.decode(signed.payload, type=dict[str, Any])
        except (JoseError, ValueError):
            continue
        return dict(header), claims
    raise Refused("the signature of the token is wrong")


def fits(key: "Key", header: dict[str, Any]) -> bool:
    """Whether a key may have signed under this header."""
    kind = "EC" if header["alg"].startswith("ES") else "RSA"
    named = "kid" not in header or key.kid == header["kid"]
    return named and key.key_type == kind and key.alg in (None, header["alg"])


def check_audience(claims: Claims, expected: Expected) -> None:
    """From the issuer, for us, and handed to us."""
    if claims.get("iss") != expected.issuer:
        raise Refused("the token comes from another issuer")
    audience = claims.get("aud")
    named = [audience] if isinstance(audience, str) else audience
    if not isinstance(named, list) or expected.client_id not in named:
        raise Refused("the token is not for us")
    party = claims.get("azp")
    if (party is not None or len(named) > 1) and party != expected.client_id:
        raise Refused("the token was handed to another application")


def check_times(claims: Claims) -> None:
    now = clock.now().timestamp()
    made = moment(claims, "iat")
    if made is None or made > now + SKEW or made < now - OLDEST:
        raise Refused("the token was not made just now")
    ends, begins = moment(claims, "exp"), moment(claims, "nbf")
    if ends is not None and ends <= now - SKEW:
        raise Refused("the token is over")
    if begins is not None and begins > now + SKEW:
        raise Refused("the token is not good yet")


def moment(claims: Claims, name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused(f"the token has a strange {name}")
    return float(value)


def subject_of(claims: Claims) -> str:
    """The name that the provider gives to somebody for ever."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise Refused("the token says nobody's name")
    return subject


def half_hash(access_token: str, algorithm: str) -> str:
    whole = HALVES[algorithm[-3:]](access_token.encode()).digest()
    return urlsafe_b64encode(whole[: len(whole) // 2]).decode().rstrip("=")


def same(given: Any, wanted: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())
