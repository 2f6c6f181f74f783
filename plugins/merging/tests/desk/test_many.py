"""Reports of one thing joined from the queue: shown first who is told how, done once, taken back by one press."""

import re

from parvis.db import counted
from parvis.requests.lifecycle import make_move
from parvis_bulk_actions.actions import NOT_HERE
from parvis_testing.desk import ANA, counted_as, said
from parvis_testing.many import hidden, previewed, sure, ticked
from parvis_testing.modules import switch


async def test_joining_costs_the_same_however_many_are_ticked(desk, four):
    clerk = await desk.signed_in("agent", "roads")
    await ticked(clerk, four[:1])
    costs = []
    for records in (four[:1], four[:3]):
        with counted() as ticking:
            page = await ticked(clerk, records)
        with counted() as merging:
            await previewed(clerk, page, "merge", other=four[3].reference)
        costs.append((ticking.count, merging.count))
    assert costs[0] == costs[1]


async def test_reports_of_one_thing_are_joined_after_it_is_shown_who_is_told_and_taken_apart_again(desk, four):
    clerk = await desk.signed_in("agent", "roads")
    page = await ticked(clerk, four)
    offered = re.findall(
        r'<option value="([^"]+)"', re.search(r'(?s)<select[^>]*name="into".*?</select>', page.text)[0]
    )
    assert offered == [four[3].reference, *(one.reference for one in four[:3])]  # the one under way first
    page = await previewed(clerk, page, "merge", into=four[3].reference, other="")
    assert counted_as("%(num)s request can be changed.", "%(num)s requests can be changed.", 3) in clerk.text
    assert (
        said("through another of their reports") in clerk.text
    )  # all four are of one person, who is told by their own
    assert four[3].reference not in hidden(page, "chosen")
    page = await sure(clerk, page)
    assert clerk.text.count(f"{said('Handled with')} {four[3].reference}") == 3
    assert [(await desk.record(one.reference)).merged_into for one in four] == [four[3].id] * 3 + [None]
    assert said("Each requester is notified that their request is handled separately again.") in clerk.text
    await clerk.post(re.search(r'action="(/bureau/plusieurs/[^"]+/annuler)"', page.text)[1])
    assert counted_as("%(num)s request was changed.", "%(num)s requests were changed.", 3) in clerk.text
    assert [(await desk.record(one.reference)).merged_into for one in four] == [None] * 4


async def test_the_one_that_goes_on_may_be_another_whose_number_is_typed(desk, four):
    elsewhere, of_parks = await desk.request(unit="roads"), await desk.request(unit="parks")
    closed = await desk.request(unit="roads")
    await make_move(desk.host, closed.reference, "resolve", {}, actor=ANA, mover="agent")
    clerk = await desk.signed_in("agent", "roads")
    for number in (of_parks.reference, "0000-0000-0", "trou", closed.reference):
        page = await previewed(clerk, await ticked(clerk, four), "merge", into=four[0].reference, other=number)
        assert page.status_code == 422
        assert 'id="other-error"' in page.text
        assert f'value="{number}"' in page.text
    page = await previewed(clerk, await ticked(clerk, four), "merge", into="", other="")
    assert 'id="into-error"' in page.text
    page = await previewed(
        clerk, await ticked(clerk, four), "merge", into=four[0].reference, other=elsewhere.reference.lower()
    )
    await sure(clerk, page)
    assert {(await desk.record(one.reference)).merged_into for one in four} == {elsewhere.id}


async def test_how_a_person_is_reached_is_not_told_to_whom_contacts_are_hidden(desk, four):
    clerk = await desk.signed_in("contractor", "roads")
    await previewed(clerk, await ticked(clerk, four), "merge", into=four[3].reference, other="")
    assert said("by their preferred contact method, if they can be reached") in clerk.text
    assert said("through another of their reports") not in clerk.text


async def test_what_is_of_another_type_is_named_with_why_and_the_rest_is_joined(desk, four):
    noise = await desk.request("quarrel", unit="roads")
    clerk = await desk.signed_in("manager")
    page = await previewed(clerk, await ticked(clerk, [*four, noise]), "merge", into=four[0].reference, other="")
    assert "n’est pas du même type" in clerk.text
    assert noise.reference in page.text
    await sure(clerk, page)
    assert (await desk.record(noise.reference)).merged_into is None
    assert [(await desk.record(one.reference)).merged_into for one in four] == [None] + [four[0].id] * 3


async def test_who_may_only_look_or_assign_is_offered_no_joining(desk, four):
    clerk = await desk.signed_in("agent", "lighting")
    await ticked(clerk, four)
    chosen = " ".join(f"{one.reference}.{one.version}" for one in four[:3])
    await clerk.post(
        "/bureau/plusieurs", chosen=chosen, _do="merge", into=four[3].reference, _sure="1", batch=four[0].id
    )
    assert [(await desk.record(one.reference)).merged_into for one in four] == [None] * 4


async def test_a_batch_that_was_begun_when_the_module_is_switched_off_is_refused_and_told(desk, four):
    clerk = await desk.signed_in("agent", "roads")
    page = await previewed(clerk, await ticked(clerk, four), "merge", into=four[3].reference, other="")
    done = await sure(clerk, page)
    await switch(desk.host, "off", "merging")
    await clerk.get(done.url.path)
    assert f"Fusionner avec {four[3].reference}" in clerk.text
    assert "/annuler" not in clerk.page.text  # it is the module that would take it back
    page = await ticked(clerk, four[:2])
    assert said("Merge reports of the same problem") not in clerk.text
    refused = await clerk.post("/bureau/plusieurs", chosen=hidden(page, "chosen"), _do="merge", into=four[3].reference)
    assert (refused.status_code, NOT_HERE.fr in clerk.text) == (422, True)
