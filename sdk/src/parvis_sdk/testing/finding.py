"""Whether typed words lead to the right request type: every word must be the beginning of one of its words."""

import re
import unicodedata
from collections.abc import Mapping

from parvis_sdk.request_types import RequestType

SMALL = {
    *("dans", "sur", "une", "des", "les", "mes", "est", "ete", "qui", "par", "pour", "contre"),
    *("the", "and", "near", "they"),
}


def types_found(types: Mapping[str, RequestType], typed: str) -> set[str]:
    """The codes of the types with a word for every typed word, or one that begins with it."""
    wanted = [word for word in _words(typed) if len(word) > 2 and word not in SMALL]
    return {
        code
        for code, request_type in types.items()
        if all(any(known.startswith(word) for known in vocabulary(request_type)) for word in wanted)
    }


def vocabulary(request_type: RequestType) -> set[str]:
    """Every word of a type's title, summary, theme and keywords, in both languages."""
    texts = (request_type.title, request_type.summary, request_type.theme.title, *request_type.keywords)
    return {word for text in texts for word in _words(f"{text.fr} {text.en}")}


def _words(text: str) -> list[str]:
    """The words of a text without accents and capitals."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("’", " "))
    return re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode().casefold())
