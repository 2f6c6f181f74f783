"""Devices on which an account was opened before: a mark in a cookie, made with our secret and kept nowhere."""

import hashlib
import hmac
import secrets

MOST_MARK = 120


def new_device(secret: bytes, email: str) -> str:
    """The mark of a device on which this account was just opened."""
    id = secrets.token_urlsafe(16)
    return f"{id}.{_proof(secret, email, id)}"


def device_in(secret: bytes, email: str, mark: str) -> str:
    """The device that carries this mark; empty when it is not one of this account."""
    id, _, proof = mark[:MOST_MARK].partition(".")
    ours = hmac.compare_digest(_proof(secret, email, id).encode(), proof.encode("utf-8", "replace"))
    return id if ours else ""


def name_of(secret: bytes, email: str) -> str:
    """Under which name a browser keeps the mark of this account: several people may share it."""
    return hmac.new(secret, b"device-name:" + _same(email), hashlib.sha256).hexdigest()[:12]


def _proof(secret: bytes, email: str, id: str) -> str:
    told = b"known-device:" + id.encode("utf-8", "replace") + b"\0" + _same(email)
    return hmac.new(secret, told, hashlib.sha256).hexdigest()[:32]


def _same(email: str) -> bytes:
    return email.strip().casefold().encode("utf-8", "replace")
