"""What is wrong, in the reader's language: who, where, what, so what, now what."""

from contextlib import suppress

import msgspec
from msgspec import Struct

from parvis_sdk.cleaning import clean
from parvis_sdk.errors import LEFT_OUT, Words, said
from parvis_sdk.text import Text

__all__ = ["LEFT_OUT", "RAISED", "Trouble", "Words", "kept", "one_line", "only_words", "read_back", "said"]

RAISED = Text(fr="le code a levé {error}", en="it raised {error}")
NOT_BACK_APART = Text(fr="elle n’a rien répondu en {seconds}\u00a0s", en="it did not answer within {seconds} s")
ENDS_APART = Text(
    fr="elle a mis fin à son processus (code {code}) avant de répondre",
    en="it ended its process (code {code}) before it answered",
)
SEE_ITS_CODE = Text(
    fr="voyez ce que son code fait quand il est importé et quand ses crochets sont appelés",
    en="see what its code does when it is imported and when its hooks are asked",
)
MOST_WORDS = 1500  # characters of each part that are kept


class Trouble(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that is wrong. A trouble that is not `severe` is a complaint: everything works all the same."""

    who: str = ""
    where: str = ""
    what: Words
    so_what: Words = LEFT_OUT
    now_what: Words
    plugin: str = ""
    severe: bool = True

    def to(self, language: str) -> str:
        """All of it in one line."""
        words = (said(part, language) for part in (self.what, self.so_what, self.now_what))
        return " · ".join(part for part in (self.who, self.where, *words) if part)

    def __str__(self) -> str:
        """As logs and commands say it."""
        return self.to("en")


def only_words(words: Words) -> Trouble:
    """What has one part only: what a person typed, or a line that was written before troubles were kept in parts."""
    return Trouble(what=words, so_what="", now_what="")


def kept(trouble: Trouble) -> str:
    """A trouble as a row keeps it, so that each reader has it in their own language."""
    return msgspec.json.encode(msgspec.structs.replace(trouble, what=_shortened(trouble.what))).decode()


def read_back(row: str) -> Trouble | None:
    """The trouble that a row keeps; one from before troubles were kept in parts is all words."""
    if not row:
        return None
    try:
        return msgspec.json.decode(row, type=Trouble)
    except msgspec.MsgspecError:
        return only_words(row)


def one_line(error: BaseException) -> str:
    """An error in one line: its kind and what it says, where saying it is not what breaks."""
    words = ""
    with suppress(BaseException):  # what an author’s own class of error answers to str() is the author’s code as well
        words = " ".join(clean(str(error)).split())[:300]
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def _shortened(words: Words) -> Words:
    return words[:MOST_WORDS] if isinstance(words, str) else words.each(lambda each, _: each[:MOST_WORDS])
