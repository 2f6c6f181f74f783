"""Making typed text safe to keep: what every reader of input calls first."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

MOST_PARTS = 200

# Control characters and lone surrogates choke databases and XML; direction overrides disguise what a text says.
UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


# What takes no ink: joiners, marks of order, fillers and the like. With nothing but these and spaces nothing is said.
_UNSEEN = re.compile(
    "[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]*"
)


def clean(text: str) -> str:
    """`text` without unsafe characters, composed (NFC), with plain line ends; empty where nobody would see any of it.

    >>> clean("l\\u0027e\\u0301te\\u0301\\x00\\r\\nici")
    "l'été\\nici"
    >>> clean("\\u200b \\ufeff")
    ''
    """
    kept = unicodedata.normalize("NFC", UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    return "" if _UNSEEN.fullmatch(kept) and not kept.isspace() else kept


def cleaned(raw: Any) -> Any:
    """Words, and those of a short list or of parts, without the characters that pages never send on."""
    match raw:
        case str():
            return clean(raw)
        case list() | tuple() if len(raw) <= MOST_PARTS:
            return [clean(part) if isinstance(part, str) else part for part in raw]
        case Mapping() if len(raw) <= MOST_PARTS:
            return {name: clean(part) if isinstance(part, str) else part for name, part in raw.items()}
    return raw
