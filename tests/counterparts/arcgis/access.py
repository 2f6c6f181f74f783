"""Who may: tokens for people, for applications and as keys; 498 and 499, which come inside HTTP 200."""

import secrets
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from .layers import milliseconds
from .refusals import RequestRefused

LONGEST_MINUTES = 20160
OAUTH_MINUTES = 120


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """What a secured server knows."""

    users: Mapping[str, str] = msgspec.field(default_factory=lambda: {"integration": "secret-de-la-ville"})
    applications: Mapping[str, str] = msgspec.field(default_factory=lambda: {"application": "secret-de-l-application"})
    keys: tuple[str, ...] = ("AAPK-cle-de-la-ville",)
    longest_minutes: int = LONGEST_MINUTES


class _Token(msgspec.Struct, frozen=True):
    who: str
    expires: datetime
    referer: str = ""


class Gate:
    """Gives tokens and looks at them."""

    def __init__(self, access: Access | None, clock: Callable[[], datetime]) -> None:
        self.access, self.clock = access, clock
        self.tokens: dict[str, _Token] = {}
        self.lock = threading.Lock()

    def expire(self) -> None:
        """Every token that was given is over, as after a restart; keys stay."""
        with self.lock:
            past = self.clock() - timedelta(seconds=1)
            self.tokens = {text: _Token(token.who, past, token.referer) for text, token in self.tokens.items()}

    def who(self, token: str, referer: str) -> str:
        """Who sends this token, or 498 or 499."""
        if self.access is None:
            return "anonyme"
        if not token:
            raise RequestRefused(499, "Token Required")
        if token in self.access.keys:
            return "cle"
        with self.lock:
            found = self.tokens.get(token)
        if found is None or found.expires <= self.clock():
            raise RequestRefused(498, "Invalid Token")
        if found.referer and not referer.startswith(found.referer):
            raise RequestRefused(498, "Invalid Token", "The token belongs to another referer.")
        return found.who

    def token(self, asked: Mapping[str, str], referer: str) -> dict[str, Any]:
        """generateToken: for a name and a password, or for a token of the portal that a server is part of."""
        if asked.get("token") and asked.get("serverUrl"):
            who = self.who(asked["token"], referer)
            return self._told(*self._give(who, self._minutes(asked.get("expiration"), 60), referer))
        access = self.access or Access()
        name, password = asked.get("username", ""), asked.get("password", "")
        if not name or access.users.get(name) != password:
            raise RequestRefused(400, "Unable to generate token.", "Invalid username or password.")
        client = asked.get("client") or "requestip"
        if client not in ("requestip", "referer", "ip") or (client == "referer" and not asked.get("referer")):
            raise RequestRefused(400, "Unable to generate token.", "'referer' must be specified.")
        minutes = self._minutes(asked.get("expiration"), 60)
        return self._told(*self._give(name, minutes, asked["referer"] if client == "referer" else ""))

    def oauth(self, asked: Mapping[str, str]) -> dict[str, Any]:
        """oauth2/token with the credentials of an application."""
        access = self.access or Access()
        if asked.get("grant_type") != "client_credentials":
            raise _no_client("unsupported_grant_type", "Unsupported grant_type")
        if asked.get("client_id", "") not in access.applications:
            raise _no_client("invalid_client_id", "Invalid client_id")
        if access.applications[asked["client_id"]] != asked.get("client_secret"):
            raise _no_client("invalid_client", "Invalid client_secret")
        minutes = self._minutes(asked.get("expiration"), OAUTH_MINUTES)
        text, _ = self._give(asked["client_id"], minutes)
        return {"access_token": text, "expires_in": minutes * 60}

    def _told(self, text: str, expires: datetime) -> dict[str, Any]:
        return {"token": text, "expires": milliseconds(expires), "ssl": False}

    def _minutes(self, said: str | None, otherwise: int) -> int:
        try:
            minutes = int(said or otherwise)
        except ValueError as error:
            raise RequestRefused(400, "Unable to generate token.", "'expiration' is invalid.") from error
        longest = self.access.longest_minutes if self.access else LONGEST_MINUTES
        return max(1, min(minutes, longest))

    def _give(self, who: str, minutes: int, referer: str = "") -> tuple[str, datetime]:
        text, expires = secrets.token_urlsafe(48), self.clock() + timedelta(minutes=minutes)
        with self.lock:
            self.tokens[text] = _Token(who, expires, referer)
        return text, expires


def _no_client(error: str, description: str) -> RequestRefused:
    return RequestRefused(400, description, error=error, error_description=description)
