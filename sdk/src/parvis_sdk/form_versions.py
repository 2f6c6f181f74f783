"""The version of a form that a program filled in, and what has changed in it since, question by question.

A version says of each question how it is asked, as a short digest of its JSON Schema and of when it is required; words
that people read are left out of it. So nothing has to be kept to tell what changed.
"""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from hashlib import blake2s
from typing import Any

from parvis_sdk.problems import Problem
from parvis_sdk.text import Text

LONGEST = 8_000  # characters of a version; a form has two hundred questions at most
_WORDS = ("title", "description", "examples", "x-labels", "x-checks")
_SAID = {
    "added": Text(
        fr="La question «\u00a0{code}\u00a0» est nouvelle dans ce formulaire.",
        en="The question “{code}” is new in this form.",
    ),
    "changed": Text(
        fr="La question «\u00a0{code}\u00a0» n’est plus posée de la même façon.",
        en="The question “{code}” is no longer asked in the same way.",
    ),
    "removed": Text(
        fr="La question «\u00a0{code}\u00a0» n’est plus dans ce formulaire.",
        en="The question “{code}” is no longer in this form.",
    ),
}


class UnknownVersion(ValueError):
    """The value is not a version of a form."""


def form_version(schema: Mapping[str, Any]) -> str:
    """The version of the form whose answers have this JSON Schema."""
    digests = {code: digest for code, digest in _digests(schema)}
    return urlsafe_b64encode(zlib.compress(json.dumps(digests, separators=(",", ":")).encode(), 9)).decode().rstrip("=")


def changes_since(version: str, schema: Mapping[str, Any]) -> tuple[Problem, ...]:
    """What changed from that version to the form of today: questions that were `added`, `changed` or `removed`, in
    the order of the form; `UnknownVersion` where it is none."""
    before, now = _read(version), dict(_digests(schema))
    kinds = {code: "added" if code not in before else "changed" for code in now if before.get(code) != now[code]}
    kinds |= {code: "removed" for code in before if code not in now}
    return tuple(
        Problem(path=f"answers.{code}", code=kind, message=_SAID[kind].format(code=code))
        for code, kind in kinds.items()
    )


def _read(version: str) -> dict[str, str]:
    try:
        packed = urlsafe_b64decode(version[:LONGEST] + "=" * (-len(version) % 4))
        unpacker = zlib.decompressobj()
        read = json.loads(unpacker.decompress(packed, LONGEST * 4))
    except (ValueError, zlib.error, RecursionError) as error:
        raise UnknownVersion(version[:80]) from error
    if not isinstance(read, dict) or not all(isinstance(each, str) for each in read.values()):
        raise UnknownVersion(version[:80])
    return read


def _digests(schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The code of each question with a digest of how it is asked."""
    rules = schema.get("allOf", ())
    for code, asked in schema.get("properties", {}).items():
        required = [code in schema.get("required", ()), [each for each in rules if code in each["then"]["required"]]]
        whole = json.dumps([_without_words(asked), _without_words(required)], sort_keys=True, ensure_ascii=False)
        yield code, blake2s(whole.encode(), digest_size=4).hexdigest()


def _without_words(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            name: {code: _without_words(one) for code, one in each.items()}
            if name == "properties"
            else _without_words(each)
            for name, each in value.items()
            if name not in _WORDS
        }
    return [_without_words(each) for each in value] if isinstance(value, list | tuple) else value
