"""Codes by which anybody verifies a document: random, with a check character, and the addresses that they open."""

import re
import secrets
from urllib.parse import urlsplit

from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis.requests.links import town_url
from parvis.requests.references import ALPHABET, HEARD, check_character

LENGTH = 11
VERIFY = {"fr": "verifier", "en": "verify"}


def new_code() -> str:
    """A code that nobody can guess or count from: 55 bits, then what catches a misread character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return body + check_character(body)


def normalise_code(typed: str) -> str | None:
    """The code that a person meant, however they typed it, or None when no code reads like that."""
    characters = re.sub(r"[\s\-\u2010-\u2015.]", "", typed[:40]).upper().translate(HEARD)
    if len(characters) != LENGTH + 1 or any(character not in ALPHABET for character in characters):
        return None
    return characters if check_character(characters[:-1]) == characters[-1] else None


def grouped_code(code: str) -> str:
    """By fours, as people read it."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def verify_url(host: Host, town: Jurisdiction, code: str, language: str) -> str:
    """The public page that says whether the document still holds."""
    words = language if language in VERIFY else "fr"
    return f"{town_url(host, town)}/{words}/{VERIFY[words]}/{code}"


def without_scheme(url: str) -> str:
    """An address as it is printed."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}"
