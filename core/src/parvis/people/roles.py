"""What may be done, and by which roles; a grant gives a role over one unit of one jurisdiction and those below it.

`see` is the request itself. `contacts` is who asked, how to reach them, what they told of themselves, and what is
written to and about them; `reveal` is a confidential person and sensitive answers; `privacy` is what the law asks of
the person in charge: that a request exists under the address of a person who asks to see, correct or erase what the
town holds. Modules add rights of their own (`Module.rights`).
"""

from collections.abc import Iterable

from msgspec import Struct

from parvis.modules import Right
from parvis_sdk.text import Text


class Role(Struct, frozen=True, kw_only=True):
    """Rights under a name that people use."""

    code: str
    title: Text


ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role(code="agent", title=Text(fr="Traitement", en="Agent")),
        Role(code="clerk", title=Text(fr="Accueil", en="Front-line clerk")),
        Role(code="observer", title=Text(fr="Consultation", en="Observer")),
        Role(code="manager", title=Text(fr="Gestion", en="Manager")),
        Role(code="auditor", title=Text(fr="Vérification", en="Auditor")),
        Role(code="contractor", title=Text(fr="Entrepreneur", en="Contractor")),
        Role(code="privacy", title=Text(fr="Protection des renseignements", en="Privacy officer")),
        Role(code="operator", title=Text(fr="Exploitation", en="Operator")),
    )
}

RIGHTS: tuple[Right, ...] = (
    Right(
        name="see",
        title=Text(fr="voir les requêtes", en="see requests"),
        roles=("agent", "clerk", "observer", "manager", "auditor", "contractor"),
    ),
    Right(
        name="contacts",
        title=Text(fr="voir la personne requérante et les messages", en="see the requester and the messages"),
        roles=("agent", "clerk", "manager"),
    ),
    Right(
        name="work",
        title=Text(fr="traiter les requêtes et répondre", en="process requests and reply"),
        roles=("agent", "manager", "contractor"),
    ),
    Right(name="assign", title=Text(fr="attribuer des requêtes", en="assign requests"), roles=("agent", "manager")),
    Right(
        name="amend", title=Text(fr="corriger des requêtes", en="correct requests"), roles=("agent", "clerk", "manager")
    ),
    Right(
        name="intake",
        title=Text(fr="saisir une requête au téléphone", en="enter a request for a caller"),
        roles=("agent", "clerk", "manager"),
    ),
    Right(
        name="reveal",
        title=Text(fr="révéler une identité confidentielle", en="reveal a confidential identity"),
        roles=("manager",),
    ),
    Right(
        name="report", title=Text(fr="consulter les statistiques", en="see statistics"), roles=("manager", "auditor")
    ),
    Right(
        name="route",
        title=Text(fr="modifier les procédures de la ville", en="change the town’s procedures"),
        roles=("manager",),
    ),
    Right(name="operate", title=Text(fr="exploiter l’installation", en="run the installation"), roles=("operator",)),
    Right(
        name="privacy",
        title=Text(
            fr="rechercher tous les renseignements liés à une adresse, pour une demande d’accès",
            en="find all information linked to an address, for an access request",
        ),
        roles=("privacy",),
    ),
)
"""The rights of the core."""


def permissions_of(role: str, rights: Iterable[Right] = RIGHTS) -> frozenset[str]:
    """Which of these rights a role has; one that is no longer declared has none."""
    return frozenset(each.name for each in rights if role in each.roles) if role in ROLES else frozenset()
