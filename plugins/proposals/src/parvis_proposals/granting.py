"""Scopes that operators grant: what a noun of a plugin declares, whether it is granted in a town, who said so when."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.db import transaction
from parvis.db.statements import insert_values
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.plugins.registry import NamedSubscription, Origin
from parvis.requests.actors import Actor
from parvis.requests.host import Host
from parvis.requests.scope_keeper import Finding, Search, scope_name
from parvis_proposals.tables import ScopeGrant
from parvis_sdk.chores import Chore
from parvis_sdk.figures import Figure
from parvis_sdk.panels import Panel
from parvis_sdk.subscriptions import Subscription

NAME = "proposals"
Standing = Literal["never", "granted", "revoked", "changed"]


class Seeker(Struct, frozen=True, kw_only=True):
    """A noun of a plugin that declares what an operator has to grant, under the name by which it is granted."""

    name: str
    origin: Origin
    noun: Finding

    @property
    def is_heard(self) -> bool:
        """Whether it subscribes to events, and may then propose something."""
        return isinstance(self.noun, Subscription)


def hearing(named: NamedSubscription) -> Seeker:
    """A subscription that finds or corrects."""
    return Seeker(name=named.name, origin=named.origin, noun=named.subscription)


class GrantDecision(Struct, frozen=True, kw_only=True):
    """That somebody granted or revoked what was declared then."""

    mark: str
    granted: bool
    by_name: str
    at: datetime
    reason: str


class DeclaredScope(Struct, frozen=True, kw_only=True):
    """What one noun declares, and the decisions about it in one town, the newest first."""

    town: Jurisdiction
    seeker: Seeker
    decisions: tuple[GrantDecision, ...] = ()

    @property
    def mark(self) -> str:
        """What tells what is declared now from what was declared before."""
        return mark_of(self.seeker)

    @property
    def standing(self) -> Standing:
        """Whether it holds; "changed" where more or other things are declared than were granted."""
        if not self.decisions:
            return "never"
        last = self.decisions[0]
        if not last.granted:
            return "revoked"
        return "granted" if last.mark == self.mark else "changed"


def mark_of(seeker: Seeker | Search) -> str:
    """The digest of a declaration and of its events, places and needs: any change takes a new grant."""
    return hashlib.sha256(msgspec.json.encode(_declared(seeker.noun), order="deterministic")).hexdigest()


def _declared(noun: Finding) -> tuple[Any, ...]:
    match noun:
        case Subscription():
            events = tuple(each.__name__ for each in noun.events)
            return noun.finds, noun.corrects, noun.types, events, noun.facts, noun.needs
        case Panel():
            return noun.finds, noun.types, noun.shown_to, noun.needs, noun.connector
        case Figure() | Chore():
            return noun.finds, noun.towns, noun.connector


async def search_is_granted(search: Search) -> bool:
    """Whether what a noun declares today is granted in its town at this moment."""
    return await is_granted(search.town, search)


async def is_granted(town: str, seeker: Seeker | Search) -> bool:
    """The same, of a town."""
    wanted = (ScopeGrant.jurisdiction == town) & (ScopeGrant.subscription == seeker.name)
    newest = ScopeGrant.select(ScopeGrant.granted, ScopeGrant.mark).where(wanted)
    last = await newest.order_by(ScopeGrant.at, ScopeGrant.id, ascending=False).first()
    return last is not None and bool(last["granted"]) and last["mark"] == mark_of(seeker)


async def decide_scope(
    host: Host, town: Jurisdiction, seeker: Seeker, *, granted: bool, actor: Actor, reason: str = ""
) -> None:
    """Write that what is declared today is granted in a town, or is not any more; holds at once."""
    async with transaction(host.engine):
        row = {"id": new_id(), "jurisdiction": town.code, "subscription": seeker.name, "mark": mark_of(seeker)}
        said = {"granted": granted, "by": actor.id, "by_name": actor.name, "at": clock.now(), "reason": reason}
        await insert_values(ScopeGrant, {**row, **said})


def asking(host: Host, town: Jurisdiction) -> Iterator[Seeker]:
    """What of the plugins of a town declares what has to be granted."""
    heard = (hearing(each) for each in host.plugins.subscriptions if each.subscription.is_granted_apart)
    for seeker in (*heard, *_beside_events(host, town)):
        if seeker.origin.built_in or town.allows_plugin(seeker.origin.name):
            yield seeker


def _beside_events(host: Host, town: Jurisdiction) -> Iterator[Seeker]:
    """Panels, figures and chores for that town which find requests."""
    for hook in ("panels", "figures", "chores"):
        for plugin, noun in host.plugins.declared(hook):
            if noun.finds and town.code in (getattr(noun, "towns", ()) or (town.code,)):
                yield Seeker(name=scope_name(plugin.name, hook, noun.code), origin=plugin.origin, noun=noun)


async def declared_scopes(host: Host, towns: tuple[Jurisdiction, ...]) -> tuple[DeclaredScope, ...]:
    """What is declared in those of the towns that have the module, each with all that was decided about it."""
    served = [town for town in towns if host.modules.of(town).has(NAME)]
    if not served:
        return ()
    wanted = ScopeGrant.jurisdiction.is_in([town.code for town in served])
    rows = await ScopeGrant.select().where(wanted).order_by(ScopeGrant.at, ScopeGrant.id, ascending=False)
    decided: dict[tuple[str, str], list[GrantDecision]] = {}
    for row in rows:
        decision = GrantDecision(**{name: row[name] for name in GrantDecision.__struct_fields__})
        decided.setdefault((row["jurisdiction"], row["subscription"]), []).append(decision)
    return tuple(
        DeclaredScope(town=town, seeker=seeker, decisions=tuple(decided.get((town.code, seeker.name), ())))
        for town in served
        for seeker in asking(host, town)
    )
