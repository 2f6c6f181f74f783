"""Making typed text safe to keep: what every reader of input calls first."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

MOST_PARTS = 200

# Control characters and lone surrogates choke databases and XML; direction overrides disguise what a text says.
UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """`text` without unsafe characters, composed (NFC), with plain line ends.

    >>> clean("l\\u0027e\\u0301te\\u0301\\x00\\r\\nici")
    "l'été\\nici"
    """
    return unicodedata.normalize("NFC", UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


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
