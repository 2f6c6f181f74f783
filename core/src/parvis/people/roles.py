"""What each role may do, as data; a grant gives a role over one unit of one jurisdiction and those below it."""

from typing import Literal

from msgspec import Struct

from parvis_sdk.text import Text

Permission = Literal[
    "see",
    "work",
    "assign",
    "amend",
    "intake",
    "reveal",
    "report",
    "operate",
    "contacts",
    "opinions",
    "review",
    "audit",
    "route",
]


class Role(Struct, frozen=True, kw_only=True):
    """A set of permissions under a name that people use."""

    code: str
    title: Text
    permissions: frozenset[Permission]


ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role(
            code="agent",
            title=Text(fr="Traitement", en="Agent"),
            permissions=frozenset({"see", "work", "assign", "amend", "intake"}),
        ),
        Role(
            code="clerk",
            title=Text(fr="Accueil", en="Front-line clerk"),
            permissions=frozenset({"see", "amend", "intake"}),
        ),
        Role(
            code="observer",
            title=Text(fr="Consultation", en="Observer"),
            permissions=frozenset({"see"}),
        ),
        Role(
            code="manager",
            title=Text(fr="Gestion", en="Manager"),
            permissions=frozenset({"see", "work", "assign", "amend", "intake", "reveal", "report", "audit", "route"}),
        ),
        Role(
            code="auditor",
            title=Text(fr="Vérification", en="Auditor"),
            permissions=frozenset({"see", "report", "audit"}),
        ),
        Role(
            code="operator",
            title=Text(fr="Exploitation", en="Operator"),
            permissions=frozenset({"operate"}),
        ),
    )
}


def permissions_of(role: str) -> frozenset[Permission]:
    """What a role allows; a role that is no longer declared allows nothing."""
    found = ROLES.get(role)
    return found.permissions if found else frozenset()
