"""The paths of the portal in each language: one table, from which both routes and links are made."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from parvis.i18n import LANGUAGES

WORDS: dict[str, dict[str, str]] = {
    "services": {"fr": "services", "en": "services"},
    "eligibility": {"fr": "verifier-mon-projet", "en": "check-my-project"},
    "search": {"fr": "recherche", "en": "search"},
    "begin": {"fr": "commencer", "en": "begin"},
    "photo": {"fr": "photo", "en": "photo"},
    "what": {"fr": "quoi", "en": "what"},
    "apply": {"fr": "demande", "en": "request"},
    "place": {"fr": "lieu", "en": "place"},
    "answer": {"fr": "reponse", "en": "answer"},
    "similar": {"fr": "deja-signale", "en": "already-reported"},
    "later": {"fr": "plus-tard", "en": "later"},
    "draft": {"fr": "brouillon", "en": "draft"},
    "offline": {"fr": "hors-ligne", "en": "offline"},
    "discarded": {"fr": "efface", "en": "discarded"},
    "identity": {"fr": "coordonnees", "en": "contact"},
    "review": {"fr": "verification", "en": "review"},
    "receipt": {"fr": "recu", "en": "receipt"},
    "calendar": {"fr": "agenda.ics", "en": "calendar.ics"},
    "settled": {"fr": "regle", "en": "settled"},
    "public": {"fr": "requete", "en": "request"},
    "list": {"fr": "requetes", "en": "requests"},
    "groups": {"fr": "carte", "en": "map"},
    "atom": {"fr": "requetes.atom", "en": "requests.atom"},
    "rss": {"fr": "requetes.rss", "en": "requests.rss"},
    "geojson": {"fr": "requetes.geojson", "en": "requests.geojson"},
    "figures": {"fr": "chiffres", "en": "figures"},
    "open-data": {"fr": "donnees-ouvertes.csv", "en": "open-data.csv"},
    "link": {"fr": "lien", "en": "link"},
    "leave": {"fr": "quitter", "en": "leave"},
    "quit": {"fr": "quitter-cet-appareil", "en": "leave-this-device"},
    "restore": {"fr": "retablir", "en": "restore"},
    "follow": {"fr": "suivre", "en": "follow"},
    "following": {"fr": "abonnement", "en": "following"},
    "track": {"fr": "suivi", "en": "track"},
    "again": {"fr": "nouvelle-requete", "en": "new-request"},
    "do": {"fr": "action", "en": "action"},
    "message": {"fr": "message", "en": "message"},
    "occurrence": {"fr": "evenement", "en": "occurrence"},
    "contact": {"fr": "coordonnees", "en": "contact"},
    "messages": {"fr": "messages", "en": "messages"},
    "people": {"fr": "personnes", "en": "people"},
    "versions": {"fr": "versions", "en": "versions"},
    "live": {"fr": "en-direct", "en": "live"},
    "files": {"fr": "fichiers", "en": "files"},
    "privacy": {"fr": "confidentialite", "en": "privacy"},
    "status": {"fr": "etat", "en": "status"},
    "report-page": {"fr": "signaler-cette-page", "en": "report-this-page"},
    "declaration": {"fr": "declaration", "en": "declaration"},
}

Step = str | Mapping[str, str]


def word(name: str, language: str) -> str:
    return WORDS[name][language if language in LANGUAGES else LANGUAGES[0]]


def address(language: str, *parts: Step, **query: str) -> str:
    """The path of a page; a part beginning with a colon is a word of the table, a mapping a word of a module’s own.

    >>> address("fr", ":apply", "rues", "nid-de-poule", ":place")
    '/fr/demande/rues/nid-de-poule/lieu'
    """
    steps = [_said(part, language) or quote(str(part), safe="") for part in parts]
    path = "/" + "/".join((language, *steps)) if steps else f"/{language}/"
    return f"{path}?{urlencode(query)}" if query else path


def patterns(*parts: Step) -> list[str]:
    """The same path in every language, for a route; parts in braces are parameters.

    >>> patterns(":apply", "{theme:str}")
    ['/fr/demande/{theme:str}', '/en/request/{theme:str}']
    """
    return ["/".join(("", language, *(_said(part, language) or str(part) for part in parts))) for language in LANGUAGES]


def in_each(languages: tuple[str, ...], *parts: Step, **query: str) -> dict[str, str]:
    """The same page by language, for the language switch."""
    return {language: address(language, *parts, **query) for language in languages}


def _said(part: Step, language: str) -> str | None:
    """The word for what has one in each language; None for what stands as it is."""
    if isinstance(part, str):
        return word(part[1:], language) if part.startswith(":") else None
    return part[language if language in LANGUAGES else LANGUAGES[0]]


FOR_EVERYBODY = ("services", "search", "begin", "public", "list", "figures", "status", "privacy")
"""The first words of pages without a key or a draft in their address, which show the same to everybody."""


def is_for_everybody(path: str) -> bool:
    """Whether the page of this path is one that anybody may open, and that may be named to others."""
    language, _, rest = path.lstrip("/").partition("/")
    first = rest.partition("/")[0]
    return language in LANGUAGES and (not first or named(first, language, FOR_EVERYBODY) is not None)


def is_found(path: str) -> bool:
    """Whether search engines and people who share addresses may know of a page: those for everybody, the first page of
    each form, and the entrance of tracking."""
    language, _, rest = path.strip("/").partition("/")
    first, *more = rest.split("/")
    begins = named(first, language, ("apply", "track")) if language in LANGUAGES else None
    return is_for_everybody(path) or len(more) == {"apply": 2, "track": 0}.get(begins or "", -1)


def named(given: str, language: str, names: tuple[str, ...]) -> str | None:
    """The name behind a word of an address."""
    return next((name for name in names if word(name, language) == given), None)
