"""Why something cannot be done, in both languages: a command says it in the one that it was asked to speak."""

from collections.abc import Iterator
from contextlib import contextmanager

from parvis.cli.troubles import Unusable
from parvis_sdk.text import Text


class Refusal(Unusable):
    """What cannot be used as asked; `reason` says it in both languages, the error itself in English."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def refused(fr: str, en: str, **values: object) -> Refusal:
    """A refusal by its two sentences, with what stands in them."""
    return Refusal(Text(fr=fr, en=en).format(**values))


@contextmanager
def spoken_in(language: str) -> Iterator[None]:
    """Refusals raised within are told in this language."""
    try:
        yield
    except Refusal as error:
        raise Unusable(error.reason.to(language)) from None
