"""The words that every gateway's customers may send: stop, begin again, help; in both languages, however written."""

import re
from typing import Literal

from parvis_sdk.text_normalisation import fold, words_of

Keyword = Literal["stop", "start", "help", ""]
FILLING = {"merci", "svp", "stp", "please", "thanks", "thank", "you", "s", "il", "vous", "te", "plait"} | {
    *("all", "tout", "tous", "toutes")
}
STOPS = (
    *("stop", "stopall", "unsubscribe", "quit", "end", "cancel"),
    *("arret", "arrete", "arretes", "arreter", "arretez", "desabonner", "desabonnez", "desabonnement"),
)
KEYWORDS: dict[str, Keyword] = {
    **dict.fromkeys(STOPS, "stop"),
    **dict.fromkeys(("start", "unstop", "reprendre", "recommencer"), "start"),
    **dict.fromkeys(("help", "aide", "info"), "help"),
}
SIGNATURE = re.compile(r"--|envoye|sent|get outlook|telecharge")  # begins what a telephone writes below, folded
LONGEST = 60
SHORT_NAME = 2  # words: what stands below a keyword is then who wrote it
REFERENCE = re.compile(
    r"(?<![0-9A-Za-z])[0-9A-Za-z]{4}[-.\s\u2010-\u2015]?[0-9A-Za-z]{4}[-.\s\u2010-\u2015]?[0-9A-Za-z](?![0-9A-Za-z])"
)


def keyword_in(words: str) -> Keyword:
    """What a message asks for that is nothing but a keyword, and perhaps a signature below it.

    >>> keyword_in("ARRÊT."), keyword_in("stop svp"), keyword_in("Arrêt manquant au coin")
    ('stop', 'stop', '')
    >>> keyword_in("STOP TOUT\\n\\nEnvoyé de mon iPhone"), keyword_in("Arrêt\\nIl en manque un au coin")
    ('stop', '')
    """
    first, _, below = words.strip().partition("\n")
    if len(first) > LONGEST or not _is_signature(below):
        return ""
    meant = {KEYWORDS.get(each, "") for each in words_of(first) if each not in FILLING}
    return meant.pop() if len(meant) == 1 else ""


def _is_signature(below: str) -> bool:
    return len(words_of(below)) <= SHORT_NAME or SIGNATURE.match(fold(below).strip()) is not None
