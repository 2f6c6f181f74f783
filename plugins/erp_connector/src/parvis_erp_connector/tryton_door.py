"""Access to Tryton: one address, one shared session, refusals with status 200.

A refused password is not tried again for half an hour, because Tryton locks accounts out after failed attempts.
"""

import base64
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from parvis_erp_connector.port import Stale
from parvis_erp_connector.settings import System
from parvis_sdk.calling import called
from parvis_sdk.connectors import UNLOGGED, Connection
from parvis_sdk.errors import Later, Refused
from parvis_sdk.oauth import SignInRefused
from parvis_sdk.text import Text

LOCKED_OUT = timedelta(minutes=5)  # Tryton does not say how long
APART = timedelta(minutes=30)  # between two tries of a password that was refused


class Door:
    """The way in, shared by everybody who calls: the session, and how long a refused password is left alone."""

    def __init__(self, system: System, secret: Callable[[], str]) -> None:
        self.url = f"{system.address.rstrip('/')}/rpc/"
        self.login, self.secret, self.language = system.login, secret, system.language
        self.context = {"company": int(system.company), "companies": [int(system.company)], "language": system.language}
        self.fields: dict[str, dict[str, Any]] = {}
        self._session = ""
        self._refused: tuple[str, datetime] | None = None

    async def ask(self, lent: Connection, method: str, *params: Any, silent: bool = False, **context: Any) -> Any:
        """What a method answers; `silent` keeps people whom no request names out of the exchange log."""
        asked = {"id": 1, "method": method, "params": [*params, self.context | context]}
        sent: dict[str, Any] = {"json": asked} | ({"extensions": dict(UNLOGGED)} if silent else {})
        for _ in range(2):
            session = self._session or await self._sign_in(lent)
            headers = {"authorization": f"Session {session}"}
            answer = await called(lent.http, "POST", self.url, now=lent.now, headers=headers, **sent)
            if answer.status_code != 401:
                break
            if self._session == session:
                self._session = ""
        else:
            raise SignInRefused(
                Text(
                    fr="le système refuse une session qu’il vient d’ouvrir (HTTP 401)\u00a0: vérifiez les "
                    "droits de l’utilisateur dans ce système",
                    en="the system refuses a session that it has just opened (HTTP 401): check the user’s "
                    "rights in that system",
                )
            )
        if answer.status_code == 403:
            raise SignInRefused(
                Text(
                    fr=f"{method} n’est pas permis à notre utilisateur (HTTP 403)\u00a0: donnez-lui les "
                    "droits décrits dans le README",
                    en=f"{method} is not open to our user (HTTP 403): give it the rights of the README",
                )
            )
        return _result(method, answer.status_code, answer.content)

    async def _sign_in(self, lent: Connection) -> str:
        password = self.secret()
        if self._refused is not None and self._refused[0] == password and lent.now < self._refused[1]:
            raise SignInRefused(_wrong(self.login), self._refused[1] - lent.now)
        asked = {"id": 1, "method": "common.db.login", "params": [self.login, {"password": password}, self.language]}
        try:
            answer = await called(lent.http, "POST", self.url, now=lent.now, json=asked, extensions=dict(UNLOGGED))
        except Later as error:
            raise Later(
                Text(fr="ouverture de session\u00a0: {why}", en="sign-in: {why}").format(why=error.words),
                error.retry_after or LOCKED_OUT,
            ) from error
        if answer.status_code == 401:
            self._refused = (password, lent.now + APART)
            raise SignInRefused(_wrong(self.login), APART)
        if answer.status_code == 404:
            raise Later(
                Text(
                    fr="cette base de données n’existe pas (HTTP 404)\u00a0: corrigez `address` dans les paramètres",
                    en="this database does not exist (HTTP 404): correct `address` in the settings",
                )
            )
        match _result("common.db.login", answer.status_code, answer.content):
            case [int(user), str(session), *_]:
                said = f"{self.login}:{user}:{session}"
                self._session = base64.b64encode(said.encode()).decode()
                return self._session
        self._refused = (password, lent.now + APART)
        raise SignInRefused(_wrong(self.login), APART)


class CallAnswer(Struct, frozen=True):
    """What comes back from a call."""

    result: Any = None
    error: Any = None


def _result(method: str, status: int, content: bytes) -> Any:
    if status != 200:
        raise Refused(
            Text(fr=f"le système refuse {method} (HTTP {status})", en=f"the system refuses {method} (HTTP {status})")
        )
    try:
        said = msgspec.json.decode(content, type=CallAnswer)
    except msgspec.MsgspecError as error:
        raise Later(
            Text(
                fr="la réponse est illisible\u00a0: vérifiez que `address` est l’adresse de Tryton",
                en="the answer cannot be read: check that `address` is Tryton’s address",
            )
        ) from error
    if said.error is None:
        return said.result
    match said.error:
        case ["ConcurrencyException", *_]:
            raise Stale
        case ["UserError", [str(message), *_], *_]:
            raise Refused(Text(fr=f"le système dit\u00a0: {message[:300]}", en=f"it says: {message[:300]}"))
        case ["UserWarning", [_, str(message), *_], *_]:
            raise Refused(
                Text(
                    fr=f"le système demande une confirmation par une personne\u00a0: {message[:300]}",
                    en=f"the system asks a person to confirm: {message[:300]}",
                )
            )
        case [str(name), *_]:
            raise Refused(
                Text(
                    fr=f"le système ne reconnaît pas {method}\u00a0: {name[:200]}",
                    en=f"the system does not recognize {method}: {name[:200]}",
                )
            )
    raise Later(
        Text(
            fr=f"le système répond à {method} par une erreur illisible",
            en=f"it answers {method} with an error that cannot be read",
        )
    )


def _wrong(login: str) -> Text:
    return Text(
        fr=f"le système ne reconnaît pas {login!r} avec ce mot de passe\u00a0: l’exploitant doit donner le bon",
        en=f"the system does not recognize {login!r} with this password: the operator must give the right one",
    )
