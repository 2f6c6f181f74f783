"""The provider's protocol over HTTP, and nothing of it anywhere else."""

from datetime import datetime, timedelta
from typing import Any, TypeVar

import httpx
import msgspec

from parvis_hosted_payments.mapping import Session, Sessions
from parvis_hosted_payments.settings import Account
from parvis_sdk.errors import Later, Refused
from parvis_sdk.text import Text

MOST_PAGES = 200
AWAY = {408, 409, 425, 429}  # 409: the same call is being answered at this very moment
Answer = TypeVar("Answer")


class Client:
    """Speaks to the provider for one account."""

    def __init__(self, base_url: str, account: Account, http: httpx.AsyncClient) -> None:
        self.base_url, self.account, self.http = base_url.rstrip("/"), account, http

    async def open_session(self, key: str, sent: dict[str, Any]) -> Session:
        """A session under this key: the one that is there already, if there is one."""
        return await self._call("POST", "/v1/sessions", Session, key=key, json=sent)

    async def session_of(self, client_reference: str) -> Session | None:
        """The session with our reference."""
        found = await self._call("GET", "/v1/sessions", Sessions, params={"client_reference": client_reference})
        return next((each for each in found.data if each.client_reference == client_reference), None)

    async def sessions(self, since: datetime, until: datetime) -> list[Session]:
        """Every session that changed within a period."""
        found: list[Session] = []
        after = ""
        for _ in range(MOST_PAGES):
            period = {"changed_from": str(int(since.timestamp())), "changed_to": str(int(until.timestamp()))}
            page = await self._call("GET", "/v1/sessions", Sessions, params=period | {"after": after})
            found += page.data
            after = page.next
            if not after:
                return found
        raise Refused(
            Text(
                fr=f"il y a plus de {MOST_PAGES} pages de paiements\u00a0: prenez une période plus courte",
                en=f"there are more than {MOST_PAGES} pages of payments: take a shorter period",
            )
        )

    async def give_back(self, key: str, sent: dict[str, Any]) -> Session:
        """Give money back under this key; the session as it then stands."""
        return await self._call("POST", "/v1/refunds", Session, key=key, json=sent)

    async def _call(self, method: str, path: str, kind: type[Answer], *, key: str = "", **sent: Any) -> Answer:
        headers = {"authorization": f"Bearer {self.account.secret_key}", "accept": "application/json"}
        headers |= {"idempotency-key": key} if key else {}
        try:
            answer = await self.http.request(method, f"{self.base_url}{path}", headers=headers, **sent)
        except httpx.TimeoutException as error:
            raise Later(
                Text(
                    fr=f"pas de réponse à temps ({type(error).__name__})",
                    en=f"no answer in time ({type(error).__name__})",
                )
            ) from error
        except httpx.TransportError as error:
            raise Later(
                Text(
                    fr=f"impossible à joindre\u00a0: {str(error) or type(error).__name__}",
                    en=f"it cannot be reached: {str(error) or type(error).__name__}",
                )
            ) from error
        return self._read(answer, kind)

    def _read(self, answer: httpx.Response, kind: type[Answer]) -> Answer:
        status = answer.status_code
        if status in AWAY or status >= 500:
            raise Later(
                Text(fr=f"le système demande d’attendre (HTTP {status})", en=f"it asks to wait (HTTP {status})"),
                retry_after=_wait(answer),
            )
        if status in (401, 403):
            raise Later(
                Text(
                    fr=f"le prestataire ne connaît pas notre clé (HTTP {status})\u00a0: l’exploitant doit "
                    "donner la bonne",
                    en=f"it does not know our key (HTTP {status}): the operator must give it the right one",
                )
            )
        if not 200 <= status < 300:
            raise Refused(
                Text(
                    fr=f"le système refuse (HTTP {status})\u00a0: {_why(answer)}",
                    en=f"it says no (HTTP {status}): {_why(answer)}",
                )
            )
        try:
            return msgspec.json.decode(answer.content, type=kind)
        except msgspec.MsgspecError as error:
            raise Later(
                Text(fr=f"la réponse est illisible\u00a0: {error}", en=f"its answer cannot be read: {error}")
            ) from error


def _wait(answer: httpx.Response) -> timedelta | None:
    said = answer.headers.get("retry-after", "")
    return timedelta(seconds=int(said)) if said.isascii() and said.isdecimal() and len(said) < 6 else None


def _why(answer: httpx.Response) -> str:
    """The provider's reason, short enough for a line; never our secrets, which it does not repeat."""
    try:
        told = msgspec.json.decode(answer.content)
    except msgspec.MsgspecError:
        return "without a reason"
    error = told.get("error") if isinstance(told, dict) else None
    return str(error.get("message", ""))[:200] if isinstance(error, dict) else "without a reason"
