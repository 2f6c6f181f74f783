"""References that a resident can read aloud, and the secret keys that open the private view.

A reference is eight random Crockford base-32 characters and a check character: `7K3M-9QXT-4`. The check is a weighted
sum in the field of 32 elements, so that any one wrong character and any swap of two different ones are caught.
"""

import hashlib
import hmac
import re
import secrets
from uuid import UUID

from parvis.signing import matches

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
HEARD = str.maketrans("ILO", "110")  # letters that are not in the alphabet, read as what they look like
LENGTH = 8
KEY_CHARACTERS = 22


def new_reference() -> str:
    """A reference that nobody can guess or count from."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return grouped(body + check_character(body))


def normalise(typed: str) -> str | None:
    """The reference that a person meant, however they typed it, or None when no reference reads like that."""
    characters = re.sub(r"[\s\-\u2010-\u2015.]", "", typed[:40]).upper().translate(HEARD)
    if len(characters) != LENGTH + 1 or any(character not in ALPHABET for character in characters):
        return None
    return grouped(characters) if check_character(characters[:-1]) == characters[-1] else None


def grouped(characters: str) -> str:
    """Four, four and one, as people read it."""
    return f"{characters[:4]}-{characters[4:8]}-{characters[8:]}"


def check_character(body: str) -> str:
    """The character that makes a misheard reference fail."""
    total, weight = 0, 2
    for character in body:
        total ^= _times(ALPHABET.index(character), weight)
        weight = _times(weight, 2)
    return ALPHABET[total]


def _times(left: int, right: int) -> int:
    # Product in GF(2^5) modulo x^5 + x^2 + 1.
    product = 0
    while right:
        if right & 1:
            product ^= left
        right >>= 1
        left <<= 1
        if left & 32:
            left ^= 0b100101
    return product


def key_for(secret: bytes, id: UUID, holders: int = 0) -> str:
    """The key of the private view of one request: derived, so that a copy of the database opens nothing.

    Each time that it was handed over to somebody else it has another, so that the one before opens it no more.
    """
    whose = str(holders).encode() if holders else b""
    digest = hmac.new(secret, b"request-key:" + id.bytes + whose, hashlib.sha256).digest()
    return in_characters(int.from_bytes(digest, "big"), KEY_CHARACTERS)


def in_characters(number: int, many: int) -> str:
    """The lowest digits of a number in the alphabet, the lowest first, as a link carries them."""
    characters = []
    for _ in range(many):
        number, index = divmod(number, 32)
        characters.append(ALPHABET[index])
    return "".join(characters).lower()


def is_key(secret: bytes, id: UUID, given: str, holders: int = 0) -> bool:
    """Whether `given` is the key of that request, compared in constant time."""
    return matches(secret, given.strip().lower(), lambda key: key_for(key, id, holders))
