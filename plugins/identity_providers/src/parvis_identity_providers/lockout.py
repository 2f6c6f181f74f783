"""The accounts that could no longer sign in if this module were off in a town, shown before it is switched off."""

from collections.abc import Collection, Iterator

from parvis.jurisdictions import Jurisdiction
from parvis.people.agents import Person, agents
from parvis.people.granting import OPERATING
from parvis.people.sign_in import opens_by_password
from parvis.requests.host import Host
from parvis.switches import State
from parvis_identity_providers.providers import IdentityProviders
from parvis_identity_providers.rules import TOWN
from parvis_identity_providers.tables import OutsideAccount
from parvis_sdk.text import Text

MOST_NAMED = 10
YOURSELF = Text(
    fr="Vous vous connectez par un fournisseur d’identité et votre compte n’a pas de mot de passe. À la "
    "fin de votre session, vous ne pourrez plus vous connecter.",
    en="You sign in through an identity provider and your account has no password. Once your session "
    "ends, you will no longer be able to sign in.",
)
SHUT_OUT = Text(
    fr="Ces personnes n’ont pas de mot de passe et ne pourront plus se connecter à la fin de leur "
    "session\u00a0: {names}.",
    en="These people have no password and will no longer be able to sign in once their sessions end: {names}.",
)
AND_OTHERS = Text(fr="{names} et {more} autres", en="{names} and {more} others")
NOBODY_RUNS_IT = Text(
    fr="Plus aucune personne qui gère {town} ne pourrait se connecter. Il resterait seulement la commande "
    "du serveur\u00a0: parvis modules on identity_providers --town {code}.",
    en="None of the people who manage {town} would be able to sign in. Only the server command would "
    "remain: parvis modules on identity_providers --town {code}.",
)
ROLES_STAY = Text(
    fr="Les rôles donnés par des groupes restent en place jusqu’à leur retrait ici.",
    en="Roles given by groups remain until they are removed here.",
)


async def said_before(host: Host, town: Jurisdiction, state: State, asker: str) -> tuple[Text, ...]:
    """What switching so would mean to the people of the town, and to the account that asks."""
    known = host.of(IdentityProviders)
    mine = [code for code in TOWN.of(town).providers if code in known]
    if state != "off" or not mine:
        return ()
    people = [each for each in await agents(host.engine, town.code) if each.active]
    by_password = [each for each in people if each.has_password]
    opened = {each.id for each in by_password if await opens_by_password(host.engine, each, known.only)}
    rows = await OutsideAccount.select(OutsideAccount.agent).where(OutsideAccount.provider.is_in(mine))
    coming = {str(row["agent"]) for row in rows}
    shut_out = [each for each in people if each.id in coming - opened]
    return tuple(_said(town, shut_out, asker, is_left=any(each.id in opened and runs(each, town) for each in people)))


def runs(person: Person, town: Jurisdiction) -> bool:
    return any(grant.role in OPERATING and grant.jurisdiction == town.code for grant in person.grants)


def _said(town: Jurisdiction, shut_out: Collection[Person], asker: str, *, is_left: bool) -> Iterator[Text]:
    if any(each.id == asker for each in shut_out):
        yield YOURSELF
    if shut_out:
        named = ", ".join(sorted(each.name for each in shut_out)[:MOST_NAMED])
        more = len(shut_out) - MOST_NAMED
        yield SHUT_OUT.format(names=AND_OTHERS.format(names=named, more=more) if more > 0 else named)
    if not is_left:
        yield NOBODY_RUNS_IT.format(town=town.name, code=town.code)
    yield ROLES_STAY
