"""What is timed in a list of points while the plugin of its type is away."""

import dataclasses
from datetime import UTC, datetime, timedelta

from parvis import clock
from parvis.jurisdictions.calendars import last_day
from parvis.plugins.loading import load_plugins
from parvis.requests.attached.receiving import receive_file
from parvis.requests.claims import note_claims
from parvis.requests.declarations import Declarations
from parvis.requests.history import broken_at
from parvis.requests.plugin_away import rest_and_return
from parvis.requests.records import Record
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER
from parvis_supplements.lists import last_of, lists_of
from parvis_supplements.marking import ask
from parvis_supplements.reminding import remind
from parvis_testing.town import ANA

from ..filing import FILE, WHEN

WENT = datetime(2026, 9, 20, 15, tzinfo=UTC)
BACK = WENT + timedelta(days=20)


async def test_what_was_asked_to_be_completed_may_be_sent_as_much_later_as_its_plugin_was_away(town_of, plan):
    """Before, people were given up who could not have answered; put off once, however often the worker looks."""
    town = town_of(FILE)
    await note_claims(town.host.engine, town.host.plugins)
    with clock.moved_to(WENT - timedelta(days=6)):
        sent = await receive_file(town.host, "first", "plan", "plan-1.pdf", plan)
        answers = {"work": "shed", "begins": "2097-10-03", "plan": [sent.id], "owner": "Zoé Côté"}
        reference = (await town.submit("file", answers=answers, holder="first")).reference
        became = await ask(
            town.host, reference, "completeness", (WHEN,), "", raw={}, actor=ANA, mover="agent", transition="complete"
        )
        assert isinstance(became, Record), became
    record = await town.record(reference)
    before = last_of(await lists_of(record.id), "completeness")
    gone = dataclasses.replace(town.host.without(Declarations), plugins=load_plugins([]))
    with clock.moved_to(WENT):
        await rest_and_return(gone)
    with clock.moved_to(before.due_at + timedelta(days=60)):
        assert await remind(gone) == 0
    for minutes in (0, 5, 10):
        with clock.moved_to(BACK + timedelta(minutes=minutes)):
            await rest_and_return(town.host)
            assert await remind(town.host) == 0
    after = last_of(await lists_of(record.id), "completeness")
    calendar = town.host.jurisdictions.jurisdiction("parvis").calendar
    days = [last_day(calendar, each.due_at).isoformat() for each in (before, after)]
    assert days == ["2026-10-14", "2026-11-03"]
    assert (after.state, after.next_at - before.next_at) == ("asked", timedelta(days=20))
    lines = [line.words for line in await story(town.host, await town.record(reference), HOLDER, "fr")]
    told = [words for words in lines if "reportées" in words]
    assert len(told) == 1
    assert "3 novembre 2026" in told[0]
    with clock.moved_to(after.next_at):
        assert await remind(town.host) == 1
    assert await broken_at(await town.record(reference)) is None
