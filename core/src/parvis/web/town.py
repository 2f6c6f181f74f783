"""The town a request is for, and the letter that stands for it."""

from typing import cast

from litestar.types import Scope

from parvis.jurisdictions import Jurisdiction, Jurisdictions
from parvis.jurisdictions.brand import Brand

TOWN_WORDS = {"Ville", "Municipalité", "Cité", "Village", "Paroisse", "MRC", "Arrondissement"}


def find_town(jurisdictions: Jurisdictions, scope: Scope) -> Jurisdiction:
    """By the name in the address bar; the default town where no name is known."""
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
    return jurisdictions.for_host(host)


def town_of(scope: Scope) -> Jurisdiction | None:
    """The town that the middleware found for this request; None where no route matched."""
    return cast("Jurisdiction | None", (scope.get("state") or {}).get("town"))


def mark_of(brand: Brand) -> str:
    """The letter that stands for a town: the first of its own name."""
    words = brand.logo_text.fr.replace("’", " ").replace("'", " ").split()
    names = [word for word in words if word[0].isupper() and word not in TOWN_WORDS]
    return (names or words or ["·"])[0][0].upper()
