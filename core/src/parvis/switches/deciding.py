"""Deciding which modules a town has: what somebody says is written down, one decision after the other."""

import structlog

from parvis import clock
from parvis.db import Engine, transaction
from parvis.db.advisory_locks import turn_of
from parvis.db.tables import ModuleSwitch
from parvis.identifiers import new_id
from parvis.modules import InstalledModule, part
from parvis.switches import EVERYWHERE, State, Switchboard
from parvis_sdk.cleaning import clean

log = structlog.get_logger("parvis.modules")


MOST_WORDS = 500  # of a reason


KEY = "modules"  # of the turn that decisions take, one after the other


def reason(given: str) -> str:
    """Why somebody decided so, as it is kept; empty where nothing of it can be read."""
    words = clean(given).strip()[:MOST_WORDS]
    return words if any(character.isprintable() and not character.isspace() for character in words) else ""


async def used(installed: InstalledModule) -> int:
    """How many rows the tables of a module have, of all towns."""
    classes = part(installed.module.tables).TABLES if installed.module.tables else ()
    return sum([int(await each.count()) for each in classes])


async def decide(
    engine: Engine,
    board: Switchboard,
    *,
    jurisdiction: str,
    module: str,
    state: State,
    by: str,
    why: str,
    seen: int | None = None,
) -> bool:
    """Write down what somebody decided about a module; this process goes by it at once.

    `seen` is the number of the last decision that they knew, 0 where there was none: if there was another one since,
    nothing is written and the answer is false.
    """
    async with transaction(engine):
        await turn_of(engine, KEY)
        about = (ModuleSwitch.module == module) & ModuleSwitch.jurisdiction.is_in([jurisdiction, EVERYWHERE])
        rows = await ModuleSwitch.select(ModuleSwitch.number, ModuleSwitch.jurisdiction).where(about)
        newest = {row["jurisdiction"]: row["number"] for row in sorted(rows, key=lambda row: row["number"])}
        known = seen is None or seen == newest.get(jurisdiction, newest.get(EVERYWHERE, 0))
        if known:
            last = await ModuleSwitch.select(ModuleSwitch.number).order_by(ModuleSwitch.number, ascending=False).first()
            decision = ModuleSwitch(
                id=new_id(),
                number=last["number"] + 1 if last else 1,
                jurisdiction=jurisdiction,
                module=module,
                state=state,
                by=by,
                why=reason(why),
                at=clock.now(),
            )
            await ModuleSwitch.insert(decision)
    if known:
        log.info("module", module=module, state=state, town=jurisdiction, by=by)
    await board.look()
    return known
