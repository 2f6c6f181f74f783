"""The order in which a town's ready texts are offered: one of them a place up or down."""

from typing import Literal

from parvis.db import held, transaction
from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis.requests.records import as_json
from parvis_canned_replies.kept import texts_of
from parvis_canned_replies.standing import TownTexts
from parvis_canned_replies.tables import ReadyTextOrder

Step = Literal["up", "down"]


async def move(host: Host, town: Jurisdiction, code: str, step: Step) -> bool:
    """Change places with the next one that is offered; False where there is no such text to move.

    Retired texts keep their places, to have them again when they are brought back.
    """
    table = ReadyTextOrder
    async with transaction(host.engine):
        # Of two who reorder at once the second waits here for the first, and both orders apply.
        await table.insert(table(jurisdiction=town.code, codes="[]")).on_conflict(
            target=table.jurisdiction, action="DO NOTHING"
        )
        await held(table.select(table.jurisdiction).where(table.jurisdiction == town.code), host.engine)
        texts, _ = await texts_of(town, "")
        codes = [each.ready.code for each in texts]
        offered = [each.ready.code for each in texts if not each.retired]
        if code not in offered:
            return False
        there = offered.index(code) + (-1 if step == "up" else 1)
        if not 0 <= there < len(offered):
            return False
        one, other = codes.index(code), codes.index(offered[there])
        codes[one], codes[other] = codes[other], codes[one]
        await table.update({table.codes: as_json(codes)}).where(table.jurisdiction == town.code)
    host.of(TownTexts).pop(town.code, None)
    return True
