"""However wrong a declaration is, its mistakes are told and nothing raises: each of its values, made wrong in turn."""

import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import Struct, structs

from parvis_sdk.request_types import RequestType
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.text import Text

DOG_LICENCE_FILE = Path(__file__).parents[2] / "tests/vendors/dog_licence.py"
DOG_LICENCE = runpy.run_path(str(DOG_LICENCE_FILE))["DOG_LICENCE"]
WRONG = ("", "gone", (), None, 5, {"fr": "x"}, Text(fr=""), SAMPLE, ("gone",), [[]])


def spoilt(thing: Struct) -> Iterator[tuple[str, Struct]]:
    """The declaration with one of its values made wrong, each in turn."""
    for name in thing.__struct_fields__:
        value = getattr(thing, name)
        for wrong in (*WRONG, *inner(value)):
            yield f"{type(thing).__name__}.{name}", structs.replace(thing, **{name: wrong})


def inner(value: Any) -> Iterator[Any]:
    """A part of it with one of its own values made wrong."""
    if isinstance(value, tuple) and len(value) < 40:
        for place, each in enumerate(value):
            if isinstance(each, Struct):
                yield from ((*value[:place], other, *value[place + 1 :]) for _, other in spoilt(each))
    elif isinstance(value, Struct) and not isinstance(value, Text):
        yield from (other for _, other in spoilt(value))


@pytest.mark.parametrize("sound", [SAMPLE, DOG_LICENCE], ids=lambda each: each.code)
def test_whatever_is_wrong_is_a_mistake_and_never_an_error(sound: RequestType):
    assert sound.mistakes() == ()
    tried = 0
    for where, wrong in spoilt(sound):
        try:
            told = [str(mistake) for mistake in wrong.mistakes()]
        except Exception as error:
            raise AssertionError(f"{where}: {msgspec.to_builtins(wrong, enc_hook=repr, str_keys=True)}") from error
        assert all(told)
        tried += 1
    assert tried > 100
