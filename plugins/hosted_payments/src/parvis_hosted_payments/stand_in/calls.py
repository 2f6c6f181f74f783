"""The signed calls of the stand-in: at once, twice, late, lost, held back and sent in another order, or forged."""

import http.client
import secrets
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct, structs

from parvis_sdk.signatures import ID, SIGNATURE, TIME, signature

MODES = ("at_once", "twice", "late", "lost", "held")
SECONDS = 5.0


class Call(Struct, kw_only=True):
    """One call to be made, and what was answered the last time that it was."""

    id: str
    url: str
    body: dict[str, Any]
    made_at: int
    answers: list[int] = []


class Caller:
    """Makes the calls. What is held waits until it is asked for; what is lost never goes."""

    def __init__(self, secret: str, now: Callable[[], float], late: float) -> None:
        self.secret, self.now, self.late = secret, now, late
        self.calls: list[Call] = []
        self.send: Callable[[str, bytes, dict[str, str]], int] = post

    def tell(self, url: str, type: str, data: dict[str, Any], mode: str) -> Call:
        """Announce what happened to a session, in one of the ways in which that can go."""
        at = int(self.now())
        call = Call(id=f"msg_{secrets.token_hex(8)}", url=url, body={"type": type, "data": data}, made_at=at)
        self.calls.append(call)
        if url and mode in ("at_once", "twice"):
            for _ in range(2 if mode == "twice" else 1):
                self.make(call)
        elif url and mode == "late":
            waiting = threading.Timer(self.late, self.make, [call])
            waiting.daemon = True
            waiting.start()
        return call

    def make(self, call: Call, *, forged: bool = False, aged: int = 0, changed: dict[str, Any] | None = None) -> int:
        """Send a call; `forged` signs it with another secret, `aged` by so many seconds ago, `changed` its data.

        The answer is the status, or 0 when nobody answered.
        """
        body = msgspec.json.encode({**call.body, "data": {**call.body["data"], **(changed or {})}})
        at = int(self.now()) - aged
        secret = "whsec_" + "Zm9yZ2VkIGJ5IHNvbWVib2R5IGVsc2U=" if forged else self.secret
        headers = {
            "content-type": "application/json",
            ID: call.id,
            TIME: str(at),
            SIGNATURE: signature(secret, call.id, at, body),
        }
        status = self.send(call.url, body, headers)
        call.answers.append(status)
        return status


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """One POST without following anything; 0 when nobody answers."""
    address = urlsplit(url)
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = kind(address.hostname or "", address.port, timeout=SECONDS)
    try:
        connection.request("POST", address.path, body, headers)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def shown(call: Call) -> dict[str, Any]:
    """A call as the stand-in's own test door tells of it."""
    return structs.asdict(call)
