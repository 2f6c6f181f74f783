"""What a provider says of somebody in a signed token, believed only when everything about it is right."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct, structs

from parvis import clock
from parvis_sdk.errors import Refused

if TYPE_CHECKING:
    from joserfc.jwk import Key

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
SKEW = 60  # seconds that clocks may differ
OLDEST = 600  # seconds since a token was made, although it has not ended
LONGEST = 60_000
MOMENTS = ("iat", "exp", "nbf")
STRANGE = "the token has a strange {name}"
WRONG = {
    "iss": "the token comes from another issuer",
    "aud": "the token is not for us",
    "azp": "the token was handed to another application",
    "exp": "the token has no end",
    "iat": "the token was not made just now",
    "nbf": "the token is not good yet",
    "sub": "the token says nobody's name",
    "nonce": "the token belongs to another sign-in",
    "at_hash": "the token belongs to another access token",
}
LOGGED_OUT = "http://schemas.openid.net/event/backchannel-logout"

Claims = dict[str, Any]


class NoSuchKey(Refused):
    """The token is signed by a key that is not among these; the provider may have a new one."""


class TokenExpectation(Struct, frozen=True, kw_only=True):
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


def read_id_token(token: str, keys: Sequence["Key"], expected: TokenExpectation) -> Claims:
    """Who has signed in; `Refused` with the reason when any check fails, `NoSuchKey` when only the key is missing."""
    header, claims = verified(token, keys)
    if not expected.nonce:
        raise Refused(WRONG["nonce"])
    check(header, claims, expected, needed=("iss", "aud", "exp", "iat"))
    subject_of(claims)
    return claims


def read_logout_token(token: str, keys: Sequence["Key"], expected: TokenExpectation) -> Claims:
    """Whose session has ended at the provider: a token of the same signer, of another kind."""
    header, claims = verified(token, keys)
    check(header, claims, structs.replace(expected, nonce=""), needed=("iss", "aud", "iat"))
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGGED_OUT), dict):
        raise Refused("the token does not say that somebody has left")
    if "nonce" in claims:
        raise Refused("the token is one of a sign-in")
    if not claims.get("sid") and not claims.get("sub"):
        raise Refused(WRONG["sub"])
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


def check(header: dict[str, Any], claims: Claims, expected: TokenExpectation, needed: Sequence[str]) -> None:
    """Check issuer, audience, nonce, access-token hash, time of issue and expiry.

    Authlib checks what the standard requires. It accepts a token however long ago it was issued, takes a boolean for a
    time, and refuses tokens without a list of authentication methods, which are not used here.
    """
    from authlib.oidc.core.claims import CodeIDToken
    from joserfc.errors import ClaimError, ExpiredTokenError, MissingClaimError

    strange = [name for name in MOMENTS if isinstance(claims.get(name), bool)]
    if strange:
        raise Refused(STRANGE.format(name=strange[0]))
    now = int(clock.now().timestamp())
    ours = {
        "iss": {"essential": True, "value": expected.issuer},
        "aud": {"essential": True, "value": expected.client_id},
    }
    given = {"nonce": expected.nonce, "client_id": expected.client_id, "access_token": expected.access_token}
    judged = CodeIDToken({name: each for name, each in claims.items() if name != "amr"}, header, ours, given)
    judged.ESSENTIAL_CLAIMS = list(needed)
    try:
        judged.validate(now=now, leeway=SKEW)
    except ExpiredTokenError as error:
        raise Refused("the token is over") from error
    except MissingClaimError as error:
        raise Refused(WRONG.get(error.claim, STRANGE.format(name=error.claim))) from error
    except ClaimError as error:
        wrong = STRANGE.format(name="exp") if error.claim == "exp" else WRONG.get(error.claim, STRANGE)
        raise Refused(wrong.format(name=error.claim)) from error
    if claims["iat"] < now - OLDEST:
        raise Refused(WRONG["iat"])


def subject_of(claims: Claims) -> str:
    """The name that the provider gives to somebody for ever."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise Refused(WRONG["sub"])
    return subject


def value_at(claims: Claims, name: str) -> Any:
    """A claim by its name; one with a point in it is looked for inside another as well."""
    value: Any = claims.get(name)
    if value is None and "." in name:
        value = claims
        for step in name.split("."):
            value = value.get(step) if isinstance(value, dict) else None
    return value
