"""News of other systems takes effect once, by our reference or by theirs."""

import asyncio
import dataclasses
from datetime import timedelta

import pytest
from msgspec import structs

from parvis.outbox import claim
from parvis.requests.actors import Actor
from parvis.requests.applied_outcomes import settle
from parvis.requests.history import entries_of
from parvis.requests.lifecycle import make_move
from parvis_connectors.applied_updates import apply_update
from parvis_sdk.subscriptions import Outcome, Update
from parvis_sdk.text import Text

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")


NOTE = Text(fr="Bon de travail ouvert", en="Work order opened")


async def claimed_one(town):
    (claimed,) = await claim(town.host.engine, "worker", {"town.tell": 9}, most=9, lease=timedelta(seconds=60))
    return claimed


async def test_news_from_another_system_takes_effect_once_by_our_reference_or_theirs(town):
    reference = (await town.submit()).reference
    await settle(town.host, await claimed_one(town), Outcome(external_reference="BT_7"))
    await make_move(town.host, reference, "start", {}, actor=ANA, mover="agent")
    update = Update(external_reference="BT_7", key="closed-1", note=NOTE)
    assert await apply_update(town.host, "town", update) == "taken"
    assert await apply_update(town.host, "town", update) == "repeated"
    other = Update(external_reference="BTX7", key="closed-2", note=NOTE)
    assert await apply_update(town.host, "town", other) == "unknown"
    kinds = [entry.kind for entry in await entries_of(await town.record(reference))]
    assert kinds == ["submitted", "external", "moved", "external"]


async def test_the_same_news_twice_at_once_takes_effect_once(town):
    reference = (await town.submit()).reference
    update = Update(reference=reference, key="closed-1" * 60, note=NOTE)
    arrivals = await asyncio.gather(*(apply_update(town.host, "town", update) for _ in range(4)))
    assert sorted(arrivals) == ["repeated", "repeated", "repeated", "taken"]
    kinds = [entry.kind for entry in await entries_of(await town.record(reference))]
    assert kinds == ["submitted", "external"]


@pytest.mark.parametrize("number", ['BT"7', "BT\\7", "100%", "BT_7", "BT!7", "é’☃", "7"])
async def test_any_number_of_another_system_finds_its_request(town, number):
    reference = (await town.submit()).reference
    await settle(town.host, await claimed_one(town), Outcome(external_reference=number))
    assert await apply_update(town.host, "town", Update(external_reference=number, key="1", note=NOTE)) == "taken"
    assert len(await entries_of(await town.record(reference))) == 3
    elsewhere = Update(external_reference=number, key="1", note=NOTE)
    assert await apply_update(town.host, "other", elsewhere) == "unknown"


async def test_a_plugin_moves_nothing_in_a_town_that_does_not_use_it(town, jurisdictions):
    reference = (await town.submit()).reference
    here = structs.replace(jurisdictions.jurisdiction("parvis"), plugins=("other",))
    elsewhere = structs.replace(jurisdictions, by_code={**jurisdictions.by_code, "parvis": here})
    host = dataclasses.replace(town.host, jurisdictions=elsewhere)
    assert await apply_update(host, "town", Update(reference=reference, key="1", note=NOTE)) == "elsewhere"
    assert (await town.record(reference)).version == 1
