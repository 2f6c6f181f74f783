"""Two plugins that claim one name or one address: whose it was keeps it, the other is refused, and both are named."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct, structs
from packaging.utils import canonicalize_name

from parvis.plugins.registry import Origin, named
from parvis.troubles import LEFT_OUT, Trouble
from parvis_sdk.plugin_mistakes import addresses_of
from parvis_sdk.request_types import RequestType, Theme
from parvis_sdk.text import Text

PLUGINS = "plugins"
TYPES = "request_types"
THEMES = "themes"
WORDS = {
    PLUGINS: Text(fr="le nom d’extension", en="the plugin name"),
    TYPES: Text(fr="le type de requête", en="the request type"),
    THEMES: Text(fr="le thème", en="the theme"),
    "channels": Text(fr="le canal", en="the channel"),
    "connectors": Text(fr="le connecteur", en="the connector"),
    "locators": Text(fr="le localisateur", en="the locator"),
    "payments": Text(fr="le prestataire de paiement", en="the payment provider"),
    "identity_providers": Text(fr="le fournisseur d’identité", en="the identity provider"),
    "virus_scanners": Text(fr="l’antivirus", en="the virus scanner"),
    "document_renderers": Text(fr="le rendu de documents", en="the document renderer"),
    "file_stores": Text(fr="le magasin de fichiers", en="the file store"),
}
BOTH = Text(fr="toutes deux revendiquent {noun} {name}", en="both claim {noun} {name}")
NEITHER = Text(fr="aucun des deux n’est offert", en="neither is offered")
ONE_OF_THEM = Text(
    fr="désinstallez l’une des deux, ou changez ce nom dans l’une", en="uninstall one of them, or rename it in one"
)
ALSO_CLAIMED = Text(
    fr="le nom {name} est aussi revendiqué par {others}", en="the name {name} is also claimed by {others}"
)
ALL_LEFT_OUT = Text(fr="toutes sont laissées de côté", en="all of them are left out")
OWN_NAME = Text(
    fr="désinstallez l’une d’elles, ou donnez à cette extension un nom à elle",
    en="uninstall one of them, or give this plugin a name of its own",
)
OWNED = Text(
    fr="{noun} {name} appartient à {owner} (requêtes qui en dépendent\u00a0: {count})",
    en="{noun} {name} belongs to {owner} (requests that depend on it: {count})",
)
OWNED_BY = Text(fr="{noun} {name} appartient à {owner}", en="{noun} {name} belongs to {owner}")
NOT_OFFERED = Text(
    fr="celui de cette extension n’est pas offert; les requêtes existantes ne changent pas",
    en="what this plugin declares under that name is not offered; existing requests do not change",
)
TAKE_OVER = Text(
    fr="renommez-le, ou s’il remplace l’autre\u00a0: parvis plugins take-over {kind} {name} {plugin}",
    en="rename it, or if it replaces the other one: parvis plugins take-over {kind} {name} {plugin}",
)
THEIR_WORDS = Text(
    fr="ses services y paraissent sous le titre et l’adresse que donne {owner}",
    en="its services appear there under the title and address that {owner} gives",
)
ADDRESS_TAKEN = Text(
    fr="l’adresse {address} de {name} est celle de {other} ({owner})",
    en="the address {address} of {name} is that of {other} ({owner})",
)
REFUSED = Text(
    fr="{name} n’est pas offert, et {other} garde son adresse",
    en="{name} is not offered, and {other} keeps its address",
)
OTHER_ADDRESS = Text(
    fr="donnez à {name} une autre adresse (slug) dans les deux langues",
    en="give {name} another address (slug) in both languages",
)


class Owner(Struct, frozen=True, kw_only=True):
    """To whom a name belongs here: the plugin and the distribution that first had it, and the addresses of its type."""

    kind: str
    name: str
    plugin: str
    distribution: str = ""  # empty where it was never known
    addresses: tuple[str, ...] = ()
    requests: int = 0
    theme: Theme | None = None  # of a theme, as its owner declared it

    def __str__(self) -> str:
        return self.distribution or self.plugin

    def is_of(self, origin: Origin) -> bool:
        """Whether this is the owner: by distribution, whatever its version, or by plugin where that is not known."""
        if self.distribution:
            return canonicalize_name(self.distribution) == canonicalize_name(origin.distribution)
        return self.plugin == origin.name


Owners = Mapping[tuple[str, str], Owner]
"""By kind (a hook, or `plugins`) and name."""
Claims = list[tuple[Origin, Any]]
OURS = frozenset(
    f"parvis-{name}"
    for name in (
        *("clamav", "complaints", "crm-connector", "entra-id", "erp-connector", "gis-arcgis", "hosted-payments"),
        *("large-print", "open311-connector", "permits", "reports", "s3-files", "webhooks"),
    )
)
"""Distributions of Parvis itself that bring a plugin: before anybody owns a name, theirs come before a vendor’s."""


def precedence(origin: Origin) -> int:
    """Whose a name is that nobody owns yet: what is built in, then a plugin of Parvis itself, then any other."""
    return 2 if origin.built_in else int(canonicalize_name(origin.distribution) in OURS)


def first_of(claims: Sequence[Origin]) -> Origin | None:
    """The one that comes before all others, or None where two are equal."""
    highest = max(map(precedence, claims))
    first = [each for each in claims if precedence(each) == highest]
    return first[0] if len(first) == 1 else None


def without_strangers(origins: Sequence[Origin], owners: Owners) -> tuple[list[Origin], list[Trouble]]:
    """Of these plugins those whose names are their own, and a trouble for each that is left out."""
    kept, troubles = list[Origin](), list[Trouble]()
    for name in dict.fromkeys(each.name for each in origins):
        claims = [each for each in origins if each.name == name]
        owner, first = owners.get((PLUGINS, name)), first_of(claims)
        if owner is None and first is not None:
            owner = Owner(kind=PLUGINS, name=name, plugin=name, distribution=first.distribution)
        own = [each for each in claims if owner is not None and (each.built_in or owner.is_of(each))]
        kept += own[:1]
        for each in claims:
            if each not in own[:1]:
                wrong = stranger(each, owner, "entry point") if owner else _one_of_several(each, claims)
                troubles.append(structs.replace(wrong, so_what=LEFT_OUT if owner else ALL_LEFT_OUT))
    return kept, troubles


def apart_from_connectors(
    origins: Sequence[Origin], connectors: Claims, owners: Owners
) -> tuple[list[Origin], Claims, list[Trouble]]:
    """The plugins and connectors whose name is no other plugin’s connector or name: what is remembered, and what a
    request is known by elsewhere, is kept by that one name."""
    refused, kept, troubles = list[Origin](), Claims(), list[Trouble]()
    for origin, connector in connectors:
        name = connector.name
        other = next((each for each in origins if each.name == name and each is not origin), None)
        mine, theirs = owners.get(("connectors", name)), owners.get((PLUGINS, name))
        if origin.name == name or (other is None and (theirs is None or theirs.is_of(origin))):
            kept.append((origin, connector))
        elif other is not None and (
            mine.is_of(origin) if mine else not theirs and precedence(origin) > precedence(other)
        ):
            kept.append((origin, connector))
            refused.append(other)
            troubles.append(_of_one_name(other, "connectors", origin, "entry point"))
        else:
            owner = other or Origin(name=name, distribution=str(theirs), version="")
            troubles.append(_of_one_name(origin, PLUGINS, owner, "connectors()"))
    return [each for each in origins if each not in refused], kept, troubles


def _of_one_name(origin: Origin, kind: str, whose: Origin, where: str) -> Trouble:
    name = whose.name if kind == PLUGINS else origin.name
    owner = Owner(kind=kind, name=name, plugin=whose.name, distribution=whose.distribution)
    return structs.replace(stranger(origin, owner, where), now_what=ONE_OF_THEM)


def _one_of_several(origin: Origin, claims: Sequence[Origin]) -> Trouble:
    others = " / ".join(f"{each.distribution} {each.version}" for each in claims if each is not origin)
    return Trouble(
        who=str(origin),
        where=f"entry point {origin.name}",
        what=ALSO_CLAIMED.format(name=repr(origin.name), others=others),
        now_what=OWN_NAME,
        plugin=origin.name,
    )


def clashes(hook: str, claims: Iterable[tuple[Origin, Any]], owners: Owners) -> tuple[dict[str, Any], list[Trouble]]:
    """The nouns that are offered, by name, and a trouble for each that is not: another's, or claimed by several."""
    by_name: dict[str, Claims] = {}
    troubles: list[Trouble] = []
    for origin, noun in claims:
        owner = owners.get((hook, named(noun)))
        if owner is None or owner.is_of(origin):
            by_name.setdefault(named(noun), []).append((origin, noun))
        else:
            troubles.append(stranger(origin, owner, f"{hook}()"))
    alone: Claims = []
    for name, found in by_name.items():
        first = first_of([origin for origin, _ in found])
        if first is None:
            troubles.append(_both(hook, name, found))
            continue
        alone += [each for each in found if each[0] is first]
        owner = Owner(kind=hook, name=name, plugin=first.name, distribution=first.distribution)
        troubles += [stranger(origin, owner, f"{hook}()") for origin, _ in found if origin is not first]
    if hook == TYPES:
        alone, refused = one_address_each(alone, owners)
        troubles += refused
    return {named(noun): noun for _, noun in alone}, troubles


def _both(hook: str, name: str, found: Claims) -> Trouble:
    return Trouble(
        who=" and ".join(str(origin) for origin, _ in found),
        where=f"{hook}()",
        what=BOTH.format(noun=WORDS[hook], name=repr(name)),
        so_what=NEITHER,
        now_what=ONE_OF_THEM,
        plugin=found[0][0].name,
    )


def stranger(origin: Origin, owner: Owner, where: str) -> Trouble:
    """A plugin that claims what belongs to another distribution."""
    said = (OWNED if owner.requests else OWNED_BY).format(
        noun=WORDS[owner.kind], name=repr(owner.name), owner=str(owner), count=str(owner.requests)
    )
    return Trouble(
        who=str(origin),
        where=where,
        what=said,
        so_what=NOT_OFFERED,
        now_what=TAKE_OVER.format(kind=owner.kind, name=owner.name, plugin=origin.name),
        plugin=origin.name,
    )


def under_their_themes(
    origin: Origin, request_types: Sequence[RequestType], themes: Mapping[str, Theme], owners: Owners
) -> tuple[tuple[RequestType, ...], list[Trouble]]:
    """The types of one plugin, those in a theme of somebody else in its owner's words; a trouble for each.

    Anybody may put a service on a shelf that is there, and nobody but its owner renames it or moves its page.
    """
    placed, told = [], dict[str, Trouble]()
    for request_type in request_types:
        owner, code = owners.get((THEMES, request_type.theme.code)), request_type.theme.code
        theirs = themes.get(code) or (owner.theme if owner else None)
        if owner is None or owner.is_of(origin) or theirs is None or theirs == request_type.theme:
            placed.append(request_type)
            continue
        placed.append(structs.replace(request_type, theme=theirs))
        words = THEIR_WORDS.format(owner=str(owner))
        told[code] = structs.replace(stranger(origin, owner, f"{TYPES}()"), so_what=words, severe=False)
    return tuple(placed), list(told.values())


def themes_known(declared: Iterable[tuple[Origin, Sequence[RequestType]]], owners: Owners) -> dict[str, Theme]:
    """Of each theme that belongs to somebody who is here, how they declare it now."""
    found: dict[str, Theme] = {}
    for origin, request_types in declared:
        for request_type in request_types:
            owner = owners.get((THEMES, request_type.theme.code))
            if owner is not None and owner.is_of(origin):
                found.setdefault(request_type.theme.code, request_type.theme)
    return found


def one_address_each(claims: Claims, owners: Owners) -> tuple[Claims, list[Trouble]]:
    """Those of these types whose addresses are theirs alone.

    Whose an address was keeps it, also while its plugin is away. Where nobody had it yet, what is built in has it, then
    a plugin of Parvis itself, then what one plugin declared first; of two equal ones at the same time, neither.
    """
    refused: dict[str, Trouble] = {}
    for place, (_, request_type) in enumerate(claims):
        for address in addresses_of(request_type):
            holder = next((each for each in owners.values() if address in each.addresses), None)
            rivals = [(at, each) for at, each in enumerate(claims) if at != place and address in addresses_of(each[1])]
            if holder is None:
                why = next(
                    (why for at, each in rivals if (why := _unowned(claims[place], each, at < place, address))), None
                )
            else:
                why = _owned(claims[place], holder, [each[1].code for _, each in rivals], address)
            if why is not None:
                refused.setdefault(request_type.code, why)
    return [each for each in claims if each[1].code not in refused], list(refused.values())


def _owned(claim: tuple[Origin, RequestType], holder: Owner, rivals: Iterable[str], address: str) -> Trouble | None:
    """Its own distribution may give an address that it had to another type, once the first one has it no more."""
    origin, request_type = claim
    if holder.name == request_type.code or (holder.is_of(origin) and holder.name not in rivals):
        return None
    return _taken(str(origin), origin.name, request_type, address, holder.name, str(holder))


def _unowned(
    claim: tuple[Origin, RequestType], rival: tuple[Origin, RequestType], after: bool, address: str
) -> Trouble | None:
    (origin, request_type), (other_origin, other) = claim, rival
    before = precedence(origin) - precedence(other_origin)
    if before > 0 or (origin.name == other_origin.name and not after):
        return None
    neither = origin.name != other_origin.name and before == 0
    who = f"{origin} and {other_origin}" if neither else str(origin)
    trouble = _taken(who, origin.name, request_type, address, other.code, str(other_origin))
    return structs.replace(trouble, so_what=NEITHER) if neither else trouble


def _taken(who: str, plugin: str, request_type: RequestType, address: str, other: str, owner: str) -> Trouble:
    return Trouble(
        who=who,
        where=f"{TYPES}()",
        what=ADDRESS_TAKEN.format(address=address, name=repr(request_type.code), other=repr(other), owner=owner),
        so_what=REFUSED.format(name=repr(request_type.code), other=repr(other)),
        now_what=OTHER_ADDRESS.format(name=repr(request_type.code)),
        plugin=plugin,
    )
