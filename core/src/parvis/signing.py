"""The secret of an installation: one key signs, and what those before it signed opens until they are taken away.

A `SecretKeys` is the bytes of the key that signs, so that code that makes a link, a mark or a digest need know no more.
To check a given one, ask `matches`, which tries them all.
"""

import hmac
from collections.abc import Callable, Iterable


class SecretKeys(bytes):
    """The key that signs; `before` are others that open, the oldest last, the key that signs perhaps among them.
    `opened_before` counts what this process opened by them.
    """

    before: tuple[bytes, ...]
    opened_before: int

    @classmethod
    def of(cls, signs: str, before: Iterable[str]) -> "SecretKeys":
        made = cls(signs.encode())
        made.before, made.opened_before = tuple(each.encode() for each in before), 0
        return made


def every_key(secret: bytes) -> tuple[bytes, ...]:
    """The key that signs, then the others, each once."""
    return tuple(dict.fromkeys((secret, *_before(secret))))


def oldest_key(secret: bytes) -> bytes:
    """For what is not given to anybody and must be found again under the same name: it changes last.

    While a key is exchanged, processes sign by either; all of them read one list, so they agree on its last line.
    """
    return (secret, *_before(secret))[-1]


def _before(secret: bytes) -> tuple[bytes, ...]:
    return secret.before if isinstance(secret, SecretKeys) else ()


def matches(secret: bytes, given: str | bytes, mark: Callable[[bytes], str | bytes]) -> bool:
    """Whether that is the mark that one of the keys makes, compared in constant time."""
    found = [hmac.compare_digest(_bytes(mark(key)), _bytes(given)) for key in every_key(secret)]
    if isinstance(secret, SecretKeys) and any(found) and not found[0]:
        secret.opened_before += 1
    return any(found)


def _bytes(given: str | bytes) -> bytes:
    return given.encode("utf-8", "replace") if isinstance(given, str) else given
