"""From somebody whom a provider names to an agent of ours: known by issuer and subject, never by an e-mail alone."""

from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct, structs

from parvis import clock
from parvis.db import Engine, transaction
from parvis.db.people_tables import Agent
from parvis.db.people_tables import Grant as GrantRow
from parvis.db.sign_in_tables import OutsideAccount
from parvis.identifiers import new_id
from parvis.people.agents import Grant, Person, grants_of, insert_grants, normal_email, own_grant, person
from parvis.people.id_tokens import Claims, subject_of
from parvis.people.last_operator import is_last_operator
from parvis.people.providers import Provider
from parvis.people.roles import permissions_of
from parvis.people.sign_in_log import write_down
from parvis_sdk.cleaning import clean

VERIFIED = (True, "true", "1")  # as providers write it

Reason = Literal[
    "no_email", "no_role", "no_account", "taken", "closed", "second_factor", "denied", "lost", "away", "strange"
]


class NotLetIn(Struct, frozen=True, kw_only=True):
    """Somebody who came by a provider and stays outside, and why."""

    reason: Reason
    about: str = ""


async def take_in(
    engine: Engine, provider: Provider, claims: Claims, grants: tuple[Grant, ...], language: str
) -> Person | NotLetIn:
    """The agent behind these claims, with the roles that the provider gives today and none that it gave before.

    Roles that were given by hand stay; whoever has no role at all stays outside.
    """
    key, subject = key_of(provider.issuer, subject_of(claims)), subject_of(claims)
    async with transaction(engine):
        found = await _agent_of(provider, claims, key, bool(grants), language)
        if isinstance(found, NotLetIn):
            await write_down("refused", None, provider.code, f"{found.reason} {found.about} {subject}")
            return found
        await _follow(engine, provider.code, found["id"], grants)
        every = await grants_of(found["id"])
        if not found["active"] or not every:
            refused = NotLetIn(reason="no_role" if found["active"] else "closed")
            await write_down("refused", found["id"], provider.code, refused.reason)
            return refused
        await OutsideAccount.update({OutsideAccount.used_at: clock.now()}).where(OutsideAccount.key == key)
        return person(found, every)


async def join(engine: Engine, provider: Provider, person_id: str, subject: str) -> bool:
    """Let somebody at the provider come in as this agent, by the word of an operator; false where they already do."""
    async with transaction(engine):
        if await OutsideAccount.exists().where(OutsideAccount.key == key_of(provider.issuer, subject)):
            return False
        await _keep_account(provider, {"sub": subject}, key_of(provider.issuer, subject), UUID(person_id))
        await write_down("linked", person_id, provider.code, subject)
    return True


async def _agent_of(
    provider: Provider, claims: Claims, key: str, has_role: bool, language: str
) -> dict[str, Any] | NotLetIn:
    known = await OutsideAccount.select(OutsideAccount.agent).where(OutsideAccount.key == key).first()
    if known is not None:
        row = await Agent.select().where(Agent.id == known["agent"]).first()
        return row or NotLetIn(reason="no_account")
    email = email_of(claims)
    if not email:
        return NotLetIn(reason="no_email")
    row = await Agent.select().where(Agent.email == email).first()
    if row is not None:
        return await _joined(provider, claims, key, row)
    if not has_role:
        return NotLetIn(reason="no_role", about=email)
    if not provider.create:
        return NotLetIn(reason="no_account", about=email)
    made = Agent(
        id=new_id(), email=email, name=name_of(claims, email), password="", language=language, made_at=clock.now()
    )
    await made.save()
    await _keep_account(provider, claims, key, made.id)
    await write_down("made", made.id, provider.code)
    return made.to_dict()


async def _joined(provider: Provider, claims: Claims, key: str, row: dict[str, Any]) -> dict[str, Any] | NotLetIn:
    """An account with the same e-mail: theirs only where the e-mail is verified, the operator lets accounts be joined,
    and nobody came to it by a provider before."""
    others = await OutsideAccount.count().where(OutsideAccount.agent == row["id"])
    verified = claims.get(provider.verified_by) in VERIFIED
    if others or not provider.link or not verified:
        return NotLetIn(reason="taken", about=row["email"])
    if not row["active"]:
        return NotLetIn(reason="closed", about=row["email"])
    await _keep_account(provider, claims, key, row["id"])
    await write_down("linked", row["id"], provider.code)
    return row


async def _keep_account(provider: Provider, claims: Claims, key: str, agent: UUID) -> None:
    row = OutsideAccount(
        key=key,
        agent=agent,
        provider=provider.code,
        issuer=provider.issuer[:300],
        subject=subject_of(claims),
        made_at=clock.now(),
        used_at=clock.now(),
    )
    await OutsideAccount.insert(row)


async def _follow(engine: Engine, provider: str, agent: UUID, grants: tuple[Grant, ...]) -> None:
    """What the provider gave before and gives no longer goes, but never the last operator of a town."""
    mine = (GrantRow.agent == agent) & (GrantRow.source == provider)
    before = {own_grant(row): row["id"] for row in await GrantRow.select().where(mine)}
    now = {structs.replace(each, source=provider) for each in grants}
    for gone in sorted(before.keys() - now, key=shown):
        if "operate" in permissions_of(gone.role) and await is_last_operator(engine, agent, gone.jurisdiction):
            await write_down("kept", agent, provider, shown(gone))
            continue
        await GrantRow.delete().where(GrantRow.id == before[gone])
        await write_down("taken", agent, provider, shown(gone))
    new = sorted(now - before.keys(), key=shown)
    await insert_grants(agent, tuple(new))
    for each in new:
        await write_down("given", agent, provider, shown(each))


def key_of(issuer: str, name: str) -> str:
    """The digest under which somebody, or a session, of a provider is kept."""
    return sha256(f"{issuer}\n{name}".encode("utf-8", "replace")).hexdigest()


def email_of(claims: Claims) -> str:
    email = claims.get("email")
    return normal_email(email) if isinstance(email, str) and "@" in email else ""


def name_of(claims: Claims, email: str) -> str:
    name = claims.get("name")
    return (clean(name).strip()[:120] if isinstance(name, str) else "") or email


def shown(given: Grant) -> str:
    """As `parvis people add` takes it."""
    where = f"{given.jurisdiction}/{given.unit}" if given.unit else given.jurisdiction
    return f"{given.role}@{where}:{','.join(given.zones)}" if given.zones else f"{given.role}@{where}"


async def agent_at(issuer: str, subject: str) -> UUID | None:
    """Who came in by this account of a provider."""
    row = await OutsideAccount.select(OutsideAccount.agent).where(OutsideAccount.key == key_of(issuer, subject)).first()
    return row["agent"] if row else None
