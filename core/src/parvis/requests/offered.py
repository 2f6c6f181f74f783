"""The request types that a jurisdiction offers, each as that town has it."""

from collections.abc import Iterable, Iterator

from msgspec import structs

from parvis.folding import fold
from parvis.requests.heart import Heart
from parvis.requests.incident_matching import INCIDENT, TYPES
from parvis.requests.parts.whole import lacking, left_out, parts_in
from parvis.territory import Jurisdiction
from parvis_sdk.about import ZONES
from parvis_sdk.fields import INTERNAL, PUBLIC, Option, Privacy, SeveralOf
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import RequestType, Theme
from parvis_sdk.text import Text

WHERE = Text(fr="Où", en="Where")
IN_ZONES = Text(fr="Dans quels secteurs?", en="In which sectors?")
EVERYWHERE = Text(fr="Rien de coché\u00a0: partout dans la ville.", en="Nothing ticked: everywhere in town.")
OF_TYPES = Text(fr="Quels types de requêtes?", en="Which types of requests?")
OF_ALL = Text(fr="Rien de coché\u00a0: tous les types.", en="Nothing ticked: all types.")


class TypesInTowns(dict[tuple[str, str], RequestType]):
    """The types that differ by town, by town and code; those without an optional kind, by what they do without."""


def types_of(heart: Heart, jurisdiction: Jurisdiction) -> tuple[RequestType, ...]:
    """What this jurisdiction offers today, by theme and title; that of its own people too."""
    types = (_in_town(heart, jurisdiction, kind) for kind in _whole(heart, jurisdiction))
    return tuple(sorted(types, key=lambda kind: (fold(kind.theme.title.fr), fold(kind.title.fr))))


def themes_of(types: Iterable[RequestType]) -> dict[str, Theme]:
    """The themes of these types by code, in the words that most of its types have: one plugin renames no other's."""
    by_code: dict[str, list[Theme]] = {}
    for kind in types:
        by_code.setdefault(kind.theme.code, []).append(kind.theme)
    return {code: max(themes, key=themes.count) for code, themes in by_code.items()}


def types_for_anyone(heart: Heart, jurisdiction: Jurisdiction) -> tuple[RequestType, ...]:
    """What anybody may ask for here, by theme and title."""
    return tuple(kind for kind in types_of(heart, jurisdiction) if kind.opened_by == "anyone")


def type_of(heart: Heart, jurisdiction: Jurisdiction, code: str) -> RequestType | None:
    """The request type of that code, if this jurisdiction offers it."""
    kind = next((kind for kind in _whole(heart, jurisdiction) if kind.code == code), None)
    return _in_town(heart, jurisdiction, kind) if kind is not None else None


def type_by_slug(heart: Heart, jurisdiction: Jurisdiction, language: str, theme: str, slug: str) -> RequestType | None:
    """The request type at an address of the portal."""
    return next(
        (
            kind
            for kind in types_for_anyone(heart, jurisdiction)
            if kind.slug.to(language) == slug and kind.theme.slug.to(language) == theme
        ),
        None,
    )


def not_whole(heart: Heart, jurisdiction: Jurisdiction) -> dict[str, frozenset[str]]:
    """The types that this jurisdiction does not offer, by code, each with the kinds of part that nobody looks after."""
    known = parts_in(heart.modules, jurisdiction)
    lacks = {kind.code: lacking(kind, known) for kind in heart.house.types_of(jurisdiction.plugins)}
    return {code: words for code, words in lacks.items() if words}


def _whole(heart: Heart, jurisdiction: Jurisdiction) -> Iterator[RequestType]:
    """The types that lack no part they require, each without the optional ones it lacks: always the same object."""
    known, reduced = parts_in(heart.modules, jurisdiction), heart.of(TypesInTowns)
    for kind in heart.house.types_of(jurisdiction.plugins):
        if lacking(kind, known):
            continue
        gone = left_out(kind, known)
        key = ("-".join(sorted(gone)), kind.code)
        if gone and key not in reduced:
            reduced[key] = kind.without(gone)
        yield reduced[key] if gone else kind


def _in_town(heart: Heart, jurisdiction: Jurisdiction, kind: RequestType) -> RequestType:
    """The type as this town has it, always the same object: an operation asks in which of its zones, an incident also
    which of its types are concerned.
    """
    if kind.operation is None and kind.code != INCIDENT:
        return kind
    key, types = (jurisdiction.code, kind.code), heart.of(TypesInTowns)
    if key not in types:
        asked = [zones] if (zones := _zones_asked(jurisdiction)) else []
        if kind.code == INCIDENT and (offered := _types_asked(heart, jurisdiction)):
            asked.append(offered)
        where = (Section(code="where", title=WHERE, fields=tuple(asked)),) if asked else ()
        types[key] = structs.replace(kind, form=Form(sections=(*kind.form.sections, *where)))
    return types[key]


def _zones_asked(jurisdiction: Jurisdiction) -> SeveralOf | None:
    options = tuple(Option(code=zone.code, label=zone.name) for zone in jurisdiction.zones)
    return _several(ZONES, IN_ZONES, EVERYWHERE, options, PUBLIC)


def _types_asked(heart: Heart, jurisdiction: Jurisdiction) -> SeveralOf | None:
    offered = [kind for kind in _whole(heart, jurisdiction) if kind.opened_by == "anyone"]
    options = tuple(Option(code=kind.code, label=kind.title) for kind in offered)
    return _several(TYPES, OF_TYPES, OF_ALL, options, INTERNAL)


def _several(code: str, label: Text, help: Text, options: tuple[Option, ...], privacy: Privacy) -> SeveralOf | None:
    if not options:
        return None
    return SeveralOf(code=code, label=label, help=help, required=False, options=options, privacy=privacy)
