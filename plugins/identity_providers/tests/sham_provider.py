"""A provider of sign-in that answers as a test wants it, its tokens made by joserfc; over a wire of the tests."""

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import parse_qs

import httpx
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from parvis import clock
from parvis.sections import OutgoingSettings
from parvis_identity_providers.providers import IdentityProvider, Provider, Secret
from parvis_sdk.text import Text

ISSUER = "https://login.ville.example/v2.0"
CLIENT = "parvis"
PROVIDER = Provider(code="ville", name=Text(fr="Ville"), issuer=ISSUER, client_id=CLIENT, secret=Secret("s3cret"))
KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
OTHER = RSAKey.generate_key(2048, {"kid": "second", "use": "sig"})
CURVE = ECKey.generate_key("P-256", {"kid": "curve", "use": "sig"})


def claims(**changed: Any) -> dict[str, Any]:
    """Good ones; what is None is left out."""
    now = int(clock.now().timestamp())
    good = {"iss": ISSUER, "aud": CLIENT, "sub": "lea", "exp": now + 300, "iat": now, "nonce": "n"}
    return {name: value for name, value in (good | changed).items() if value is not None}


def token(payload: dict[str, Any], key: Any = KEY, alg: str = "RS256", **header: Any) -> str:
    named = {"alg": alg, "kid": key.kid, **header}
    registry = jws.JWSRegistry(algorithms=[alg], strict_check_header=False)
    return jws.serialize_compact(named, json.dumps(payload).encode(), key, registry=registry)


def unsigned(payload: dict[str, Any]) -> str:
    return f"{encoded({'alg': 'none'})}.{encoded(payload)}."


def by_public_key(payload: dict[str, Any]) -> str:
    """Signed with the public key as if it were a shared secret."""
    head, body, _ = token(payload).split(".")
    head = encoded({"alg": "HS256", "kid": KEY.kid})
    digest = hmac.new(KEY.as_pem(private=False), f"{head}.{body}".encode(), "sha256").digest()
    return f"{head}.{body}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


class Sham:
    """What the identity provider answers: change its parts before it is asked."""

    def __init__(self, monkeypatch: Any) -> None:
        self.keys: list[Any] = [KEY]
        self.metadata: dict[str, Any] = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
            "userinfo_endpoint": f"{ISSUER}/me",
        }
        self.claims: dict[str, Any] = {}
        self.signed_by: Any = KEY
        self.userinfo: dict[str, Any] = {}
        self.instead: dict[str, httpx.Response | Exception] = {}
        self.heard: list[str] = []
        self.given: dict[str, str] = {}
        self.challenge = ""
        monkeypatch.setattr("parvis_identity_providers.providers.wire_for", lambda *_: httpx.MockTransport(self.sent))

    def doorway(self, provider: Provider = PROVIDER) -> IdentityProvider:
        return IdentityProvider(provider, OutgoingSettings())

    def sent(self, request: httpx.Request) -> httpx.Response:
        """The answer as it comes over a wire, unread."""
        made = self.answer(request)
        return httpx.Response(made.status_code, headers=made.headers, stream=httpx.ByteStream(made.content))

    def answer(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition("/")[2]
        self.heard.append(name)
        if name in self.instead:
            instead = self.instead[name]
            if isinstance(instead, Exception):
                raise instead
            return instead
        if name == "openid-configuration":
            return httpx.Response(200, json=self.metadata)
        if name == "keys":
            return httpx.Response(200, json={"keys": [key.as_dict(private=False) for key in self.keys]})
        if name == "me":
            return httpx.Response(200, json={"sub": self.claims.get("sub", "lea"), **self.userinfo})
        return self._token(request)

    def _token(self, request: httpx.Request) -> httpx.Response:
        self.given = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        digest = hashlib.sha256(self.given["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != self.challenge:
            return httpx.Response(400, json={"error": "invalid_grant"})
        alg = "ES256" if self.signed_by is CURVE else "RS256"
        signed = token(claims(**self.claims), self.signed_by, alg)
        return httpx.Response(200, json={"id_token": signed, "access_token": "a", "token_type": "Bearer"})
