"""Why somebody may see a request, or why not: a sentence for those who answer for it."""

from collections.abc import Sequence

from msgspec import Struct, structs

from parvis.jurisdictions import Jurisdiction, Jurisdictions
from parvis.people.agents import Grant, Person
from parvis.people.roles import ROLES
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis.requests.visibility import may, sees, sees_contact
from parvis.viewers import rights_in, viewer_of
from parvis_sdk.text import Text

WHOLE_TOWN = Text(fr="toute la ville", en="the whole town")
CAN = Text(fr="{name} peut voir cette requête\u00a0: {why}.", en="{name} can see this request: {why}.")
CANNOT = Text(fr="{name} ne peut pas voir cette requête\u00a0: {why}.", en="{name} cannot see this request: {why}.")
ROLE = Text(fr="rôle «\u00a0{role}\u00a0» sur {where}", en="role “{role}” for {where}")
INSTEAD = Text(fr="{said}, pendant l’absence de {name}", en="{said}, in the absence of {name}")
IN_ZONES = Text(fr="{where}, dans {zones} seulement", en="{where}, in {zones} only")
CLOSED = Text(fr="le compte est fermé", en="the account is closed")
KEPT = Text(
    fr="l’accès lui est retiré à cause d’un conflit d’intérêts",
    en="their access is withdrawn because of a conflict of interest",
)
NO_ROLE = Text(fr="cette personne n’a aucun rôle dans cette ville", en="they have no role in this town")
ELSEWHERE = Text(
    fr="la requête relève de {unit}, et cette personne a {roles}",
    en="the request is with {unit}, and they have {roles}",
)
OUTSIDE = Text(
    fr="la requête est dans {zone}, et cette personne a {roles}",
    en="the request is in {zone}, and they have {roles}",
)
NO_ZONE = Text(fr="aucun secteur", en="no sector")
SEES_PERSON = Text(fr="l’identité de la personne requérante", en="who the requester is")
REVEALS = Text(fr="une identité confidentielle, avec un motif", en="a confidential identity, with a reason")


class Why(Struct, frozen=True, kw_only=True):
    """Whether somebody may see a request, the sentence that says why, and what of it they may see besides."""

    sees: bool
    sentence: Text
    besides: tuple[Text, ...]


def why(host: Host, person: Person, record: Record) -> Why:
    """What the one rule of visibility says, in words; the answer is the rule's own."""
    jurisdictions = host.jurisdictions
    viewer, town = viewer_of(person, host), jurisdictions.jurisdiction(record.jurisdiction)
    seen = person.active and sees(viewer, record, jurisdictions)
    reason = _granted(person, record, jurisdictions, town) if seen else _refused(person, record, town)
    more = (
        (SEES_PERSON, sees_contact(viewer, record, jurisdictions)),
        *(
            (each.sees, may(viewer, each.name, record, jurisdictions))
            for each in rights_in(host, town.code)
            if each.sees
        ),
        (REVEALS, may(viewer, "reveal", record, jurisdictions)),
    )
    return Why(
        sees=seen,
        sentence=(CAN if seen else CANNOT).format(name=person.name, why=reason),
        besides=tuple(words for words, holds in more if seen and holds),
    )


def _granted(person: Person, record: Record, jurisdictions: Jurisdictions, town: Jurisdiction) -> Text:
    alone = ((grant, structs.replace(person, grants=(grant,))) for grant in person.grants)
    return said_of([grant for grant, one in alone if sees(viewer_of(one), record, jurisdictions)], town)


def _refused(person: Person, record: Record, town: Jurisdiction) -> Text:
    if not person.active:
        return CLOSED
    if person.id in record.excluded_agents:
        return KEPT
    here = [grant for grant in person.grants if grant.jurisdiction == town.code]
    if not here:
        return NO_ROLE
    unit, zone = town.unit(record.unit), town.zone(record.zone)
    at = [grant for grant in here if not grant.unit or record.unit in town.units_under(grant.unit)]
    if any(grant.zones for grant in at):
        return OUTSIDE.format(zone=zone.name if zone else NO_ZONE, roles=said_of(here, town))
    return ELSEWHERE.format(unit=unit.name if unit else record.unit, roles=said_of(here, town))


def said_of(grants: Sequence[Grant], town: Jurisdiction) -> Text:
    """Roles and where they are held, one after the other."""
    said = [_said(grant, town) for grant in grants]
    return Text(fr="; ".join(each.to("fr") for each in said), en="; ".join(each.to("en") for each in said))


def _said(grant: Grant, town: Jurisdiction) -> Text:
    role, unit = ROLES.get(grant.role), town.unit(grant.unit)
    where: Text | str = unit.name if unit else grant.unit or WHOLE_TOWN
    if grant.zones:
        found = [(town.zone(code), code) for code in grant.zones]
        names = [zone.name if zone else Text(fr=code) for zone, code in found]
        zones = Text(fr=", ".join(each.to("fr") for each in names), en=", ".join(each.to("en") for each in names))
        where = IN_ZONES.format(where=where, zones=zones)
    said = ROLE.format(role=role.title if role else grant.role, where=where)
    return INSTEAD.format(said=said, name=grant.lent_by) if grant.lent_by else said
