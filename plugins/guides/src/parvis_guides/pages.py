"""Which guide is about a page, and where it stands in a language."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from parvis.web.links import PageLink

FIRST = "docs/README"
OF_THE_CORE = {
    "/bureau": "docs/desk",
    "/bureau/compte": "docs/sign-in",
    "/bureau/renseignements-consultes": "docs/privacy",
    "/exploitation": "docs/operations",
    "/exploitation/connexions": "docs/sign-in",
    "/exploitation/consultations": "docs/privacy",
    "/exploitation/jetons": "docs/api",
    "/exploitation/modules": "docs/towns",
    "/exploitation/parametres": "docs/production",
    "/exploitation/personnes": "docs/roles",
}
"""By the path of a page of the core, the guide about it and about what lies below it."""


def guide_about(path: str, links: Iterable[PageLink]) -> str:
    """The guide that the nearest line of a menu names, or what is known of pages of the core."""
    named = OF_THE_CORE | {link.path: link.guide for link in links if link.guide}
    above = [each for each in named if path == each or path.startswith(f"{each}/")]
    return named[max(above, key=len)] if above else FIRST


def page_of(guide: str, language: str) -> str:
    """The path of the guide in the built site, in that language where it has been written, else in English."""
    return f"{translations().get(language, {}).get(guide, guide)}.html"


@cache
def translations() -> Mapping[str, Mapping[str, str]]:
    """By language, the guide that says the same as an English one. The site reads it too, to link both."""
    return tomllib.loads((Path(__file__).parent / "translations.toml").read_text("utf-8"))
