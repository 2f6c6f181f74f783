"""What holds for every module holds for changes of promised dates."""

from parvis.requests.promises.promising import pause
from parvis_promised_dates.heard import STAY_PAUSED, said_before
from parvis_testing.desk import ANA, said
from parvis_testing.module_contract import ModuleContract
from parvis_testing.modules import switch

ONE = "/bureau/requete/{reference}"


class TestPromisedDates(ModuleContract):
    name = "promised_dates"
    opened_by = {
        ("GET", f"{ONE}/promesse"): {"work"},
        ("POST", f"{ONE}/promesse"): {"work"},
        ("GET", f"{ONE}/pause"): {"work"},
        ("POST", f"{ONE}/pause"): {"work"},
        ("POST", f"{ONE}/reprise"): {"work"},
    }
    of_things = ("/bureau/requete/",)


async def test_where_it_is_off_the_date_stands_without_what_changes_it_and_a_pause_holds(desk):
    record, clerk = await desk.request("hole", "roads"), await desk.signed_in()
    path = f"/bureau/requete/{record.reference}"
    assert f'href="{path}/promesse"' in (await clerk.get(path)).text
    await pause(desk.host, record.reference, "weather", "", actor=ANA)
    assert f'href="{path}/pause"' in (await clerk.get(path)).text
    town = desk.host.jurisdictions.jurisdiction("parvis")
    assert await said_before(desk.host, town, "off", "") == (STAY_PAUSED.format(number="1"),)
    assert await said_before(desk.host, town, "on", "") == ()
    await switch(desk.host, "off", "promised_dates")
    page = (await clerk.get(path)).text
    assert f"{path}/pause" not in page
    assert f"{path}/promesse" not in page
    assert said("Promised date") in page
    assert (await clerk.get(f"{path}/promesse")).status_code == 404
    assert (await desk.record(record.reference)).promise == "paused"
