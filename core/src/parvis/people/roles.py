"""What each role may do, as data; a grant gives a role over one unit of one jurisdiction and those below it.

`see` is the request itself. `contacts` is who asked, how to reach them, what they told of themselves, and what is
written to and about them; `money` is what is charged and paid; `reveal` is a confidential person and sensitive answers;
`privacy` is what the law asks of the person in charge: that a request exists under the address of who demands to see,
correct or erase what the town holds.
"""

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
    "money",
    "opinions",
    "review",
    "audit",
    "route",
    "privacy",
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
            permissions=frozenset({"see", "contacts", "money", "work", "assign", "amend", "intake"}),
        ),
        Role(
            code="clerk",
            title=Text(fr="Accueil", en="Front-line clerk"),
            permissions=frozenset({"see", "contacts", "money", "amend", "intake"}),
        ),
        Role(
            code="observer",
            title=Text(fr="Consultation", en="Observer"),
            permissions=frozenset({"see"}),
        ),
        Role(
            code="manager",
            title=Text(fr="Gestion", en="Manager"),
            permissions=frozenset(
                {"see", "contacts", "money", "work", "assign", "amend", "intake", "reveal", "report", "audit", "route"}
            ),
        ),
        Role(
            code="auditor",
            title=Text(fr="Vérification", en="Auditor"),
            permissions=frozenset({"see", "money", "report", "audit"}),
        ),
        Role(
            code="contractor",
            title=Text(fr="Entrepreneur", en="Contractor"),
            permissions=frozenset({"see", "work"}),
        ),
        Role(
            code="privacy",
            title=Text(fr="Protection des renseignements", en="Privacy officer"),
            permissions=frozenset({"privacy"}),
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
