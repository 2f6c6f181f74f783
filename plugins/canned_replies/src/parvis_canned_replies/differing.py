"""What one version of a text says otherwise than another, word by word."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

WORD = re.compile(r"\S+\s*|\s+")
Piece = tuple[Literal["same", "gone", "new"], str]


def word_changes(before: str, after: str) -> tuple[Piece, ...]:
    """The words of both in the order in which they are read.

    >>> word_changes("Merci de votre patience.", "Merci de votre grande patience.")
    (('same', 'Merci de votre '), ('new', 'grande '), ('same', 'patience.'))
    """
    return tuple(piece for piece in _pieces(WORD.findall(before), WORD.findall(after)) if piece[1])


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    for what, start, end, begins, ends in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if what == "equal":
            yield "same", "".join(old[start:end])
        else:
            yield "gone", "".join(old[start:end])
            yield "new", "".join(new[begins:ends])
