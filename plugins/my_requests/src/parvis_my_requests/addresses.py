"""The words of the addresses of a resident’s own space, in each language."""

from parvis.web.addresses import Step

OWN = {"fr": "mes-requetes", "en": "my-requests"}
WORDS = {
    ":open": {"fr": "ouvrir", "en": "open"},
    ":stop": {"fr": "ne-plus-suivre", "en": "stop"},
    ":preferences": {"fr": "preferences", "en": "preferences"},
    ":archive": {"fr": "mes-renseignements.zip", "en": "my-information.zip"},
    ":erase": {"fr": "effacer", "en": "erase"},
    ":correct": {"fr": "corriger", "en": "correct"},
}


def own(*parts: str) -> tuple[Step, ...]:
    """The steps of a page of this space; a part with a colon is one of these words, or else of the portal’s."""
    return (OWN, *(WORDS.get(part, part) for part in parts))
