"""What is paid while the plugin of a type is away."""

import dataclasses
from datetime import UTC, datetime, timedelta

from parvis import clock
from parvis.plugins.loading import load_plugins
from parvis.requests.claims import note_claims
from parvis.requests.declarations import Declarations
from parvis.requests.history import broken_at
from parvis.requests.plugin_away import rest_and_return
from parvis_fees.at_the_desk import take_at_counter

from ..permit import ANA, ANSWERS, PERMIT, charge_of, owing

WENT = datetime(2026, 9, 20, 15, tzinfo=UTC)
BACK = WENT + timedelta(days=20)


async def test_a_move_that_a_payment_makes_is_made_when_the_plugin_is_back(town_of):
    """Before, what was paid meanwhile left the request where it stood, for ever."""
    town = town_of(PERMIT)
    await note_claims(town.host.engine, town.host.plugins)
    reference = await owing(town, ANSWERS, at=WENT - timedelta(days=1))
    charge, record = await charge_of(town, reference), await town.record(reference)
    gone = dataclasses.replace(town.host.without(Declarations), plugins=load_plugins([]))
    with clock.moved_to(WENT):
        await rest_and_return(gone)
    with clock.moved_to(WENT + timedelta(days=1)):
        paid = await take_at_counter(gone, reference, charge.id, way="cash", actor=ANA)
    assert (await town.record(reference)).state == record.state, paid
    with clock.moved_to(BACK):
        await rest_and_return(town.host)
    assert (await town.record(reference)).state != record.state
    assert await broken_at(await town.record(reference)) is None
