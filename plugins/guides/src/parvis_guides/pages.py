"""Which section of which guide is about a page, and where it stands in a language."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from parvis.web.links import PageLink

FIRST = "docs/README"
ANY = "*"
SECTIONS = {
    "/bureau": "docs/desk#the-queue",
    "/bureau/carte": "docs/desk#the-queue",
    "/bureau/ce-qui-traine": "docs/desk#stalled-work",
    "/bureau/codes": "docs/towns#links-and-codes-to-scan",
    "/bureau/compte": "docs/sign-in#two-step-verification",
    "/bureau/non-remis": "docs/calls-and-letters#without-the-module",
    "/bureau/pages": "docs/hooks#pagessettings",
    "/bureau/plusieurs": "docs/desk#many-requests-at-once",
    "/bureau/pour-moi": "docs/desk#naming-a-colleague-in-a-note",
    "/bureau/renseignements-consultes": "docs/roles#access-log",
    "/bureau/requete": "docs/desk#a-request-beside-the-list",
    "/bureau/requete/*/acces": "docs/roles#why-somebody-sees-a-request",
    "/bureau/requete/*/complements": "docs/permits#what-is-missing",
    "/bureau/requete/*/conditions": "docs/permits#due-dates",
    "/bureau/requete/*/consultations": "docs/roles#access-log",
    "/bureau/requete/*/correction": "docs/desk#two-people-on-one-request",
    "/bureau/requete/*/documents": "docs/permits#documents",
    "/bureau/requete/*/dossier": "docs/desk#the-whole-file",
    "/bureau/requete/*/frais": "docs/permits#fees",
    "/bureau/requete/*/lettre": "docs/calls-and-letters#letters-to-send",
    "/bureau/requete/*/liens": "docs/desk#two-reports-of-one-thing",
    "/bureau/requete/*/partage": "docs/desk#two-reports-of-one-thing",
    "/bureau/requete/*/pause": "docs/service-levels#pauses",
    "/bureau/requete/*/promesse": "docs/service-levels#what-is-promised",
    "/bureau/requete/*/recus": "docs/permits#fees",
    "/bureau/tableau/rapports": "docs/figures#reports-by-email",
    "/bureau/terrain": "docs/permits#on-site",
    "/exploitation": "docs/operations#health",
    "/exploitation/circuits": "docs/operations#deliveries",
    "/exploitation/connexions": "docs/sign-in#when-it-does-not-work",
    "/exploitation/consultations": "docs/roles#access-log",
    "/exploitation/extensions": "docs/operations#when-something-is-wrong",
    "/exploitation/historiques": "docs/audit#verifying-it",
    "/exploitation/horloge": "docs/operations#the-clock",
    "/exploitation/jetons": "docs/operations#people-and-tokens",
    "/exploitation/livraisons": "docs/operations#deliveries",
    "/exploitation/modules": "docs/modules#on-closing-off",
    "/exploitation/pages": "docs/hooks#pagessettings",
    "/exploitation/parametres": "docs/production#settings",
    "/exploitation/personnes": "docs/roles#giving-and-taking-roles",
    "/exploitation/taches": "docs/operations#chores",
}
"""By the path of a page, the section about it and about what lies below it, where no line of a menu names one."""


def guide_about(path: str, links: Iterable[PageLink]) -> str:
    """The section that the nearest line of a menu names, or what is known of pages that stand in none."""
    named = SECTIONS | {link.path: link.guide for link in links if link.guide}
    above = [each for each in named if _within(path.split("/"), each.split("/"))]
    return named[max(above, key=len)] if above else FIRST


def _within(path: list[str], page: list[str]) -> bool:
    return len(page) <= len(path) and all(own in (ANY, each) for own, each in zip(page, path, strict=False))


def page_of(guide: str, language: str) -> str:
    """The address of the section in the built site, in that language where it has been written, else in English.

    A section that has no counterpart leads to the beginning of the guide that does.
    """
    own = translations().get(language, {})
    page, _, section = own.get(guide, own.get(guide.partition("#")[0], guide)).partition("#")
    return f"{page}.html{'#' if section else ''}{section}"


@cache
def translations() -> Mapping[str, Mapping[str, str]]:
    """By language, what says the same as an English guide or section. The site reads it too, to link both."""
    return tomllib.loads((Path(__file__).parent / "translations.toml").read_text("utf-8"))
