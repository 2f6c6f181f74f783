"""Fills placeholders in the text of a message: a sentence that needs a missing value is left out."""

import re
from collections.abc import Mapping

NAME = re.compile(r"\{(\w+)\}")
SENTENCE_END = re.compile(r"(?<=[.!?…])(?<!\d\.)\s+(?=\S)")


def fill_body(words: str, values: Mapping[str, str]) -> str:
    """The text with every `{name}` filled in, without the sentences whose names are empty and the gaps they leave.

    >>> fill_body("Reçue. Réponse au plus tard le {promised}.\\n\\n{reason}", {"promised": "", "reason": "Merci"})
    'Reçue.\\n\\nMerci'
    """
    lines = [_line(line, values) for line in words.split("\n")]
    kept = [line for line in lines if line is not None]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def nameless(words: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """The names that are empty, and whose sentences `fill_body` therefore leaves out.

    >>> nameless("Reçue. Réponse au plus tard le {promised}.", {"promised": ""})
    ('promised',)
    """
    return tuple(dict.fromkeys(name for name in NAME.findall(words) if not values.get(name)))


def fill_subject(words: str, values: Mapping[str, str]) -> str:
    """One line, safe as a header: every name filled in, white space and control characters made into single spaces.

    >>> fill_subject("Requête {reference} : {state}", {"reference": "7K3M", "state": "Réglée\\r\\nBcc: x"})
    'Requête 7K3M : Réglée Bcc: x'
    """
    filled = NAME.sub(lambda found: values.get(found[1], ""), words)
    return re.sub(r" {2,}", " ", re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", filled)).strip()


def _told(found: re.Match[str], values: Mapping[str, str]) -> str:
    """What stands for a name, without the full stop of its own where the sentence ends with one: "by 7:00 p.m."."""
    value = values[found[1]]
    return value[:-1] if value.endswith(".") and found.string[found.end() :] == "." else value


def _line(line: str, values: Mapping[str, str]) -> str | None:
    """The line filled in; None when it had something to say and none of it is left."""
    if not line.strip():
        return line
    sentences = [
        NAME.sub(lambda found: _told(found, values), sentence)
        for sentence in SENTENCE_END.split(line)
        if all(values.get(name) for name in NAME.findall(sentence))
    ]
    return " ".join(sentences) if sentences else None
