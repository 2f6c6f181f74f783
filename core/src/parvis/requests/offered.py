"""The request types that a jurisdiction offers, each as that town has it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from operator import is_

from msgspec import Struct, structs

from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis.requests.visibility import Viewer, scope_of
from parvis.switches import Switchboard
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import PARTS, RequestType, Theme
from parvis_sdk.text_normalisation import fold


class TownQuestions(Struct, frozen=True, kw_only=True):
    """What the forms of some types ask besides in each town: of its zones, of the types that it offers."""

    applies: Callable[[RequestType], bool]
    sections: Callable[[Jurisdiction, RequestType, Sequence[RequestType]], Iterable[Section]]


class TypesInTowns(dict[tuple[str, ...], RequestType]):
    """The types that differ by town, by its code, theirs and its modules; and those without an optional part."""

    def __init__(self) -> None:
        self.offers: dict[str, Offer] = {}  # by town, in order
        self.whole: dict[str, Offer] = {}  # by town


class Offer(Struct, frozen=True, kw_only=True):
    """What a town offers, and of what that was worked out: of these very objects."""

    of: tuple[object, ...]
    types: tuple[RequestType, ...]


def types_of(host: Host, jurisdiction: Jurisdiction) -> tuple[RequestType, ...]:
    """What this jurisdiction offers today, by theme and title; that of its own people too."""

    def in_order() -> list[RequestType]:
        types = (_in_town(host, jurisdiction, request_type) for request_type in whole_types(host, jurisdiction))
        return sorted(types, key=_by_theme_and_title)

    return _once(host, jurisdiction, host.of(TypesInTowns).offers, in_order)


def _once(
    host: Host, town: Jurisdiction, offers: dict[str, Offer], work_out: Callable[[], Iterable[RequestType]]
) -> tuple[RequestType, ...]:
    """A page asks up to nine times: it is worked out once for the same types, town and modules."""
    of = (town, host.modules.of(town), *brought(host, town))
    kept = offers.get(town.code)
    if kept is None or len(kept.of) != len(of) or not all(map(is_, kept.of, of)):
        kept = offers[town.code] = Offer(of=of, types=tuple(work_out()))
    return kept.types


def _by_theme_and_title(request_type: RequestType) -> tuple[str, str]:
    return _folded(request_type.theme.title.fr), _folded(request_type.title.fr)


_folded = lru_cache(maxsize=1000)(fold)
"""Titles are few, and each page puts them in order."""


def themes_of(types: Iterable[RequestType]) -> dict[str, Theme]:
    """The themes of these types by code, in the words that most of its types have: one plugin renames no other's."""
    by_code: dict[str, list[Theme]] = {}
    for request_type in types:
        by_code.setdefault(request_type.theme.code, []).append(request_type.theme)
    return {code: max(themes, key=themes.count) for code, themes in by_code.items()}


def types_for_anyone(host: Host, jurisdiction: Jurisdiction) -> tuple[RequestType, ...]:
    """What anybody may ask for here, by theme and title."""
    return tuple(request_type for request_type in types_of(host, jurisdiction) if request_type.opened_by == "anyone")


def is_declared(request_type: RequestType) -> bool:
    """Whether the town says it to everybody, as an incident or an operation, so that nobody asks for it."""
    by_nobody = request_type.operation is not None or request_type.identity.modes == ("anonymous",)
    return request_type.opened_by == "town" and by_nobody


def declares(host: Host, viewer: Viewer, town: Jurisdiction) -> bool:
    """Whether this person declares for the town, which needs the right to route in all of it."""
    return scope_of(viewer, town.code, host.jurisdictions, "assign").is_whole


def types_for(host: Host, viewer: Viewer, town: Jurisdiction) -> tuple[RequestType, ...]:
    """What this person of the town may open, by theme and title."""
    every = types_of(host, town)
    return every if declares(host, viewer, town) else tuple(each for each in every if not is_declared(each))


def public_types(host: Host, jurisdiction: Jurisdiction) -> tuple[RequestType, ...]:
    """Those whose requests have a page that everybody may read, by theme and title."""
    return tuple(request_type for request_type in types_of(host, jurisdiction) if request_type.visibility.public)


def type_of(host: Host, jurisdiction: Jurisdiction, code: str) -> RequestType | None:
    """The request type of that code, if this jurisdiction offers it."""
    request_type = next((each for each in whole_types(host, jurisdiction) if each.code == code), None)
    return _in_town(host, jurisdiction, request_type) if request_type is not None else None


def type_by_slug(host: Host, jurisdiction: Jurisdiction, language: str, theme: str, slug: str) -> RequestType | None:
    """The request type at an address of the portal."""
    found = (each for each in types_for_anyone(host, jurisdiction) if _is_at(each, language, theme, slug))
    return next(found, None)


def withheld_by_slug(
    host: Host, jurisdiction: Jurisdiction, language: str, theme: str, slug: str
) -> RequestType | None:
    """The request type at an address of the portal that takes no new request, for want of the owner of its parts."""
    known = parts_in(host.modules, jurisdiction)
    withheld = (each for each in host.plugins.types_of(jurisdiction.plugins) if lacking(each, known))
    anyones = (each for each in withheld if each.opened_by == "anyone")
    return next((each for each in anyones if _is_at(each, language, theme, slug)), None)


def _is_at(request_type: RequestType, language: str, theme: str, slug: str) -> bool:
    return request_type.slug.to(language) == slug and request_type.theme.slug.to(language) == theme


def not_whole(host: Host, jurisdiction: Jurisdiction) -> dict[str, frozenset[str]]:
    """The types that this jurisdiction does not offer, by code, each with the kinds of part that nobody looks after."""
    known = parts_in(host.modules, jurisdiction)
    lacks = {request_type.code: lacking(request_type, known) for request_type in brought(host, jurisdiction)}
    return {code: words for code, words in lacks.items() if words}


def brought(host: Host, jurisdiction: Jurisdiction) -> tuple[RequestType, ...]:
    """The types of the plugins of a town; of a plugin with the name of a module, where that module is on."""
    of_modules = {each.module.name for each in host.modules.registry.modules}
    plugins = host.plugins.by_name if jurisdiction.plugins is None else jurisdiction.plugins
    return host.plugins.types_of({*plugins} - of_modules | host.modules.of(jurisdiction).on)


def whole_types(host: Host, jurisdiction: Jurisdiction) -> tuple[RequestType, ...]:
    """The types that lack no part they require, each without the optional ones it lacks: always the same object."""
    return _once(host, jurisdiction, host.of(TypesInTowns).whole, lambda: _whole(host, jurisdiction))


def _whole(host: Host, jurisdiction: Jurisdiction) -> Iterator[RequestType]:
    known, reduced = parts_in(host.modules, jurisdiction), host.of(TypesInTowns)
    for request_type in brought(host, jurisdiction):
        if lacking(request_type, known):
            continue
        gone = left_out(request_type, known)
        key = ("-".join(sorted(gone)), request_type.code)
        if gone and key not in reduced:
            reduced[key] = request_type.without(gone)
        yield reduced[key] if gone else request_type


def _in_town(host: Host, jurisdiction: Jurisdiction, request_type: RequestType) -> RequestType:
    """The type as this town has it, always the same object."""
    asking = [each for each in host.modules.heard(TownQuestions, jurisdiction) if each.applies(request_type)]
    if not asking:
        return request_type
    types = host.of(TypesInTowns)
    key = (jurisdiction.code, request_type.code, *sorted(host.modules.of(jurisdiction).on))
    if key not in types:
        offered = whole_types(host, jurisdiction)
        sections = (section for each in asking for section in each.sections(jurisdiction, request_type, offered))
        types[key] = structs.replace(request_type, form=Form(sections=(*request_type.form.sections, *sections)))
    return types[key]


CORE_PARTS = frozenset(PARTS) - {"document", "fee", "inspection", "obligation", "review", "supplement", "validity"}
"""The kinds of part that need no module."""


def parts_in(modules: Switchboard, town: Jurisdiction) -> frozenset[str]:
    """The kinds of part that new requests of a town may have: a module that is closing takes nothing new."""
    return CORE_PARTS | {kind.word for kind in modules.registry.part_kinds(modules.of(town).on)}


def lacking(request_type: RequestType, known: frozenset[str]) -> frozenset[str]:
    """The kinds of part that a type requires and nobody looks after."""
    return request_type.required() - known


def left_out(request_type: RequestType, known: frozenset[str]) -> frozenset[str]:
    """The kinds of part that a type does without, because nobody looks after them."""
    return frozenset(request_type.optional) & {part.part for part in request_type.parts} - known
