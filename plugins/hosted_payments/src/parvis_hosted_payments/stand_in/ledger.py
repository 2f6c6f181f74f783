"""What the stand-in remembers: its sessions and refunds, in a file that outlives it, and the calls it has to make."""

import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct


class LedgerSession(Struct, kw_only=True):
    """A session as the stand-in keeps it."""

    id: str
    client_reference: str
    account: str
    amount: int
    currency: str
    description: str
    locale: str
    return_url: str
    callback_url: str
    status: str = "open"
    changed: int = 0
    amount_refunded: int = 0
    refunds: dict[str, int] = {}


class Book(Struct, kw_only=True):
    """Everything that is written down."""

    sessions: dict[str, LedgerSession] = {}
    by_key: dict[str, str] = {}


class Refusal(Exception):
    """What was asked cannot be done; the words go into the answer."""


class Ledger:
    """Sessions by id and by our caller's key; every change is written down before it is answered."""

    def __init__(self, file: Path | None = None, now: Callable[[], float] = time.monotonic) -> None:
        self._file, self._now = file, now
        self._lock = threading.RLock()
        self._book = msgspec.json.decode(file.read_bytes(), type=Book) if file and file.is_file() else Book()

    def open(self, account: str, key: str, sent: dict[str, Any]) -> LedgerSession:
        """The session under this key, made now if there is none."""
        with self._lock:
            known = self._book.by_key.get(f"{account} {key}")
            if known:
                return self._book.sessions[known]
            held = LedgerSession(
                id=f"cs_{secrets.token_hex(8)}",
                client_reference=str(sent["client_reference"]),
                account=account,
                amount=int(sent["amount"]),
                currency=str(sent["currency"]),
                description=str(sent.get("description", "")),
                locale=str(sent.get("locale", "fr-CA")),
                return_url=str(sent["return_url"]),
                callback_url=str(sent.get("callback_url", "")),
                changed=int(self._now()),
            )
            self._book.sessions[held.id] = held
            self._book.by_key[f"{account} {key}"] = held.id
            self._write()
            return held

    def get(self, id: str) -> LedgerSession | None:
        with self._lock:
            return self._book.sessions.get(id)

    def find(self, account: str, reference: str = "", since: int = 0, until: int = 1 << 40) -> list[LedgerSession]:
        """Sessions of an account, by our caller's reference or by when they changed."""
        with self._lock:
            of_account = [held for held in self._book.sessions.values() if held.account == account]
        return [
            held
            for held in of_account
            if (not reference or held.client_reference == reference) and since <= held.changed < until
        ]

    def become(self, id: str, status: str) -> LedgerSession:
        """The payer pressed a button; what was paid stays paid."""
        with self._lock:
            held = self._book.sessions[id]
            if held.status not in ("paid", "refunded"):
                held.status, held.changed = status, int(self._now())
                self._write()
            return held

    def refund(self, account: str, key: str, sent: dict[str, Any]) -> LedgerSession:
        """Give money back, once for each key."""
        with self._lock:
            held = self._book.sessions.get(str(sent["session"]))
            if held is None or held.account != account:
                raise Refusal("there is no such session")
            if key in held.refunds:
                return held
            amount = int(sent["amount"])
            if held.status not in ("paid", "refunded") or not 0 < amount <= held.amount - held.amount_refunded:
                raise Refusal("there is not so much to give back")
            held.refunds[key] = amount
            held.amount_refunded += amount
            held.status = "refunded" if held.amount_refunded == held.amount else "paid"
            held.changed = int(self._now())
            self._write()
            return held

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._book = Book()
            self._write()

    def _write(self) -> None:
        if self._file is None:
            return
        beside = self._file.with_suffix(".new")
        beside.write_bytes(msgspec.json.encode(self._book))
        beside.replace(self._file)


def told(held: LedgerSession, base: str) -> dict[str, Any]:
    """A session as the API tells of it."""
    return {
        "id": held.id,
        "client_reference": held.client_reference,
        "status": held.status,
        "amount": held.amount,
        "currency": held.currency,
        "changed": held.changed,
        "url": f"{base}/pay/{held.id}",
        "amount_refunded": held.amount_refunded,
    }
