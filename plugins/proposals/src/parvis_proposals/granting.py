"""Scopes that operators grant: what a subscription declares, whether it is granted in a town, and who said so when."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.db import transaction
from parvis.db.statements import insert_values
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.plugins.loading import subscribed
from parvis.plugins.registry import NamedSubscription, PluginRegistry
from parvis.requests.actors import Actor
from parvis.requests.host import Host
from parvis_proposals.tables import ScopeGrant

NAME = "proposals"
Standing = Literal["never", "granted", "revoked", "changed"]


class GrantDecision(Struct, frozen=True, kw_only=True):
    """That somebody granted or revoked what a subscription declared then."""

    mark: str
    granted: bool
    by_name: str
    at: datetime
    reason: str


class DeclaredScope(Struct, frozen=True, kw_only=True):
    """What one subscription declares, and the decisions about it in one town, the newest first."""

    town: Jurisdiction
    named: NamedSubscription
    decisions: tuple[GrantDecision, ...] = ()

    @property
    def mark(self) -> str:
        """What tells what is declared now from what was declared before."""
        return mark_of(self.named)

    @property
    def standing(self) -> Standing:
        """Whether it holds; "changed" where more or other things are declared than were granted."""
        if not self.decisions:
            return "never"
        last = self.decisions[0]
        if not last.granted:
            return "revoked"
        return "granted" if last.mark == self.mark else "changed"


def mark_of(named: NamedSubscription) -> str:
    """The digest of what is declared, with what it hears of and is told: what differs has to be granted anew."""
    said = named.subscription
    heard = (said.types, tuple(each.__name__ for each in said.events), said.facts, said.needs)
    declared = (said.finds, said.corrects, *heard)
    return hashlib.sha256(msgspec.json.encode(declared, order="deterministic")).hexdigest()


async def is_granted(town: str, named: NamedSubscription) -> bool:
    """Whether what a subscription declares today is granted in a town at this moment."""
    wanted = (ScopeGrant.jurisdiction == town) & (ScopeGrant.subscription == named.name)
    newest = ScopeGrant.select(ScopeGrant.granted, ScopeGrant.mark).where(wanted)
    last = await newest.order_by(ScopeGrant.at, ScopeGrant.id, ascending=False).first()
    return last is not None and bool(last["granted"]) and last["mark"] == mark_of(named)


async def decide_scope(
    host: Host, town: Jurisdiction, named: NamedSubscription, *, granted: bool, actor: Actor, reason: str = ""
) -> None:
    """Write that what a subscription declares today is granted in a town, or is not any more; holds at once."""
    async with transaction(host.engine):
        row = {"id": new_id(), "jurisdiction": town.code, "subscription": named.name, "mark": mark_of(named)}
        said = {"granted": granted, "by": actor.id, "by_name": actor.name, "at": clock.now(), "reason": reason}
        await insert_values(ScopeGrant, {**row, **said})


def readings(plugins: PluginRegistry) -> Iterator[NamedSubscription]:
    """What figures read of requests, each under the name by which it is granted: `<plugin>.figures.<code>`."""
    declared = plugins.declared("figures")
    return (subscribed(plugin.origin, figure.reading) for plugin, figure in declared if figure.reads)


def asking(host: Host, town: Jurisdiction) -> Iterator[NamedSubscription]:
    """The subscriptions of plugins of a town that declare what has to be granted, and what figures read."""
    for named in (*host.plugins.subscriptions, *readings(host.plugins)):
        if named.subscription.is_granted_apart and (named.origin.built_in or town.allows_plugin(named.origin.name)):
            yield named


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
        DeclaredScope(town=town, named=named, decisions=tuple(decided.get((town.code, named.name), ())))
        for town in served
        for named in asking(host, town)
    )
