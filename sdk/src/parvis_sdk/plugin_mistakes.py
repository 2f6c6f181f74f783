"""What is wrong among the request types of one plugin: two at one address, a theme in two ways."""

from collections.abc import Iterator, Sequence

from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.request_types import RequestType, Theme
from parvis_sdk.text import Text

LANGUAGES = ("fr", "en")
ONE_ADDRESS = Text(
    fr="son adresse {address} est aussi celle de {other}", en="its address {address} is that of {other} as well"
)
NOT_OFFERED = Text(fr="{other} la garde, celui-ci n’est pas offert", en="{other} keeps it, this one is not offered")
OTHER_SLUG = Text(
    fr="donnez-lui un autre mot d’adresse (slug), dans les deux langues",
    en="give it another address (slug) in both languages",
)
TWO_WAYS = Text(
    fr="le thème {theme} est déclaré autrement que par {other}",
    en="the theme {theme} is declared otherwise than by {other}",
)
ONE_SHELF = Text(fr="un thème n’a qu’un titre et qu’une adresse", en="a theme has one title and one address")
SAME_THEME = Text(fr="déclarez-le une fois, et prenez-le partout", en="declare it once, and use that one everywhere")


def addresses_of(request_type: RequestType) -> tuple[str, ...]:
    """Where the portal has a service, in each language; nothing where only the town's own people open it."""
    if request_type.opened_by != "anyone":
        return ()
    return tuple(
        f"/{language}/…/{request_type.theme.slug.to(language)}/{request_type.slug.to(language)}"
        for language in LANGUAGES
    )


def mistakes_among(request_types: Sequence[RequestType]) -> Iterator[tuple[RequestType, DeclarationMistake]]:
    """Each request type of a plugin that conflicts with another one, with the mistake."""
    at: dict[str, str] = {}
    themes: dict[str, tuple[str, Theme]] = {}
    for each in request_types:
        where = f"request type {each.code!r}"
        for address in addresses_of(each):
            other = at.setdefault(address, each.code)
            if other != each.code:
                what = ONE_ADDRESS.format(address=address, other=repr(other))
                so_what = NOT_OFFERED.format(other=repr(other))
                yield each, DeclarationMistake(where=where, what=what, so_what=so_what, now_what=OTHER_SLUG)
                break
        first, theme = themes.setdefault(each.theme.code, (each.code, each.theme))
        if theme != each.theme:
            what = TWO_WAYS.format(theme=repr(theme.code), other=repr(first))
            yield each, DeclarationMistake(where=f"{where} · theme", what=what, so_what=ONE_SHELF, now_what=SAME_THEME)
