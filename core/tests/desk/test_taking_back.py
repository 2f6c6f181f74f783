"""An assignment is taken back from the page that follows it; in a town that chooses no rows of its queue."""

import re

from parvis_testing.desk import said
from parvis_testing.many import hidden


async def test_rows_have_no_boxes_where_nothing_is_done_with_them(desk, four):
    manager = await desk.signed_in("manager")
    page = await manager.get("/bureau")
    assert four[0].reference in page.text
    assert not [each for each in ('class="tick"', 'form="many"', "/bureau/plusieurs") if each in page.text]
    assert said("Select all on this page") not in manager.text


async def test_an_assignment_is_taken_back_from_the_page_that_follows_it(desk, four):
    clerk = await desk.signed_in("agent", "roads")
    base = f"/bureau/requete/{four[0].reference}"
    await clerk.get(base)
    page = await clerk.post(f"{base}/attribution", unit="roads", assignee=clerk.person.id)
    assert f'action="{base}/attribution/annuler"' in page.text
    await clerk.post(f"{base}/attribution/annuler", version=hidden(page, "version"))
    assert said("The assignment is undone.") in clerk.text
    assert (await desk.record(four[0].reference)).assignee is None
    page = await clerk.post(f"{base}/attribution", unit="lighting", assignee="")
    assert page.url.path == "/bureau"
    await clerk.post(re.search(r'action="([^"]+/attribution/annuler)"', page.text)[1])
    assert (await desk.record(four[0].reference)).unit == "roads"


async def test_what_others_assigned_is_not_taken_back_and_what_one_does_not_see_is_not_there(desk, four):
    clerk, other = await desk.signed_in("agent", "roads"), await desk.signed_in("agent", "parks", name="Eva")
    path = f"/bureau/requete/{four[0].reference}/attribution/annuler"
    await clerk.get("/bureau")
    assert (await clerk.post(path)).status_code == 409
    await other.get("/bureau")
    assert (await other.post(path)).status_code == 404
    assert (await desk.record(four[0].reference)).version == four[0].version
