"""What holds for every module holds for days to look again."""

from datetime import timedelta

from parvis import clock
from parvis.jurisdictions.calendars import local_day
from parvis_follow_up_dates.follow_up import look_again
from parvis_follow_up_dates.heard import NOT_SHOWN, said_before
from parvis_testing.desk import ANA, said
from parvis_testing.module_contract import ModuleContract
from parvis_testing.modules import switch

ONE = "/bureau/requete/{reference}"
STALLED = "/bureau/ce-qui-traine"


class TestFollowUpDates(ModuleContract):
    name = "follow_up_dates"
    opened_by = {("POST", f"{ONE}/suivi"): {"work"}}
    of_things = ("/bureau/requete/",)


async def test_where_it_is_off_nothing_speaks_of_a_day_and_on_again_it_is_listed(desk):
    record, clerk = await desk.request("hole", "roads"), await desk.signed_in()
    path = f"/bureau/requete/{record.reference}"
    today = local_day(desk.host.jurisdictions.get("parvis").calendar, clock.now())
    with clock.moved_to(clock.now() - timedelta(days=10)):
        await look_again(desk.host, record.reference, today - timedelta(days=4), "Rappeler", actor=ANA)
    town = desk.host.jurisdictions.jurisdiction("parvis")
    assert await said_before(desk.host, town, "off", "") == (NOT_SHOWN.format(number="1"),)
    assert await said_before(desk.host, town, "on", "") == ()
    spoken = {path: f">{said('To review')}<", "/bureau": said("To review"), STALLED: said("To review")}
    for page, words in spoken.items():
        assert words in (await clerk.get(page)).text, page
    await switch(desk.host, "off", "follow_up_dates")
    for page, words in spoken.items():
        text = (await clerk.get(page)).text
        assert words not in text, page
        assert f"{path}/suivi" not in text
    assert "Rappeler" in (await clerk.get(path)).text  # the history stays whole
    assert (await clerk.post(f"{path}/suivi", version=str(record.version), _done="1")).status_code == 404
    assert (await desk.record(record.reference)).follow_up_at is not None
    await switch(desk.host, "on", "follow_up_dates")
    assert record.reference in (await clerk.get("/bureau?suivi=du")).text
    assert f">{said('To review')}<" in (await clerk.get(path)).text
