"""What is timed of a visit while the plugin of its type is away."""

import dataclasses
import io
from datetime import UTC, datetime, timedelta

from PIL import Image

from parvis import clock
from parvis.plugins.loading import load_plugins
from parvis.requests.attached.attachments import waiting
from parvis.requests.attached.receiving import receive_file
from parvis.requests.claims import note_claims
from parvis.requests.declarations import Declarations
from parvis.requests.history import entries_of
from parvis.requests.lifecycle import make_move
from parvis.requests.plugin_away import rest_and_return
from parvis.requests.records import Record
from parvis_inspections.inspected import record_result
from parvis_inspections.inspections_due import mark_overdue
from parvis_inspections.visit_results import read_result
from parvis_inspections.visits import visits_of
from parvis_testing.town import ANA

from ..works import FOOTING, WORKS

WENT = datetime(2026, 9, 20, 15, tzinfo=UTC)
BACK = WENT + timedelta(days=20)


async def test_what_an_inspection_found_wrong_may_be_corrected_as_much_later_as_its_plugin_was_away(town_of):
    """Before, works were marked as not corrected in time whose new visit nobody could have recorded; put off once."""
    town = town_of(WORKS)
    await note_claims(town.host.engine, town.host.plugins)
    with clock.moved_to(WENT - timedelta(days=6)):
        reference = (await town.submit("works", answers={"danger": False})).reference
        await make_move(town.host, reference, "begin", {}, actor=ANA, mover="agent")
        record = await town.record(reference)
        first = next(each for each in await visits_of(record.id) if each.code == "footing")
        points = {"depth": {"finding": "not_ok", "note": "20 cm", "photos": [await photo_of(town)]}}
        points["drain"] = {"finding": "not_applicable"}
        raw = {"points": points, "due": "2026-10-01"}
        found = read_result(FOOTING, first, raw, await waiting("held"), clock.now(), clock.now().date())
        became = await record_result(town.host, first, reference, found, key="one", actor=ANA, holder="held")
        assert isinstance(became, Record), became
    gone = dataclasses.replace(town.host.without(Declarations), plugins=load_plugins([]))
    with clock.moved_to(WENT):
        await rest_and_return(gone)
    with clock.moved_to(BACK):
        assert await mark_overdue(gone) == 0
    for minutes in (0, 5, 10):
        with clock.moved_to(BACK + timedelta(minutes=minutes)):
            await rest_and_return(town.host)
            assert await mark_overdue(town.host) == 0
    failed = next(each for each in await visits_of(record.id) if each.state == "failed")
    assert failed.due == "2026-10-21"
    signs = [each.body["put_off"] for each in await entries_of(await town.record(reference)) if "put_off" in each.body]
    assert signs == [WENT.isoformat()]
    with clock.moved_to(datetime(2026, 10, 22, 15, tzinfo=UTC)):
        assert await mark_overdue(town.host) == 1


async def photo_of(town):
    content = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(content, "JPEG")
    return (await receive_file(town.host, "held", "photo", "a.jpg", content.getvalue())).id
