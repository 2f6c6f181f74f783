"""An archive without a checksum from the operator may have been altered, so it grants no access here.

Its accounts arrive switched off and its keys revoked. It gives no role to anybody who has an account here, neither by a
row nor by groups at an identity provider of this installation.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from piccolo.table import Table

from parvis.cli.troubles import Unusable
from parvis.db.people_tables import Agent, Token
from parvis.people.agents import as_id
from parvis_disposal.town_tables import lines_of

SHUT: dict[type[Table], dict[str, Any]] = {Agent: {"active": False}, Token: {"revoked": True}}
"""What the rows of a table are where nobody vouches for them."""
ROLES = (("grant", "agent"), ("delegation", "agent"), ("delegation", "deputy"))  # who then may do something
LOOKED_AT_TOGETHER = 500
SIGN_IN, ASIDE = "sign_in.toml", "sign_in.toml.unvouched"  # who signs in by whom, and which role each group gives


async def refuse_roles_for_others(folder: Path, tables: Iterable[str]) -> None:
    """Raise where somebody who works here already would be given a role."""
    there = set(tables)
    for table, column in ROLES:
        ids = {as_id(str(line[column])) for line in _lines(folder, table, there) if line.get(column)} - {None}
        for some in _parts(sorted(ids, key=str)):
            found = await Agent.select(Agent.email).where(Agent.id.is_in(some)).first()
            if found:
                raise Unusable(
                    f"the archive gives a role to {found['email']}, who has an account here already: give the "
                    "sha256 of its SHA256SUMS with --sums, as you were told it"
                )


def put_aside(town_folder: Path, told: Callable[[str], None]) -> None:
    """Take out of force what in the settings of a town lets people in, but not what keeps them out."""
    file = town_folder / SIGN_IN
    if not file.is_file():
        return
    try:
        said = tomllib.loads(file.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unusable(f"{SIGN_IN} of the archive cannot be read: {error}") from None
    if not said.keys() & {"providers", "grants"}:
        return
    file.rename(town_folder / ASIDE)
    if said.get("second_factor") is True:
        file.write_text("second_factor = true\n", "utf-8")
    told(f"{ASIDE} is not in force: look at the groups to which it gives roles, then call it {SIGN_IN}")


def _lines(folder: Path, table: str, there: set[str]) -> Iterator[dict[str, Any]]:
    return lines_of(folder, table) if table in there else iter(())


def _parts(ids: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(ids), LOOKED_AT_TOGETHER):
        yield ids[start : start + LOOKED_AT_TOGETHER]
