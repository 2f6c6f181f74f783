"""Many requests from the queue: ticked, shown how it would go, done once, each with what became of it."""

import re

from msgspec.structs import replace

from parvis.db import counted
from parvis.requests.amendments import assign
from parvis.requests.lifecycle import make_move
from parvis.requests.priority_names import URGENT
from parvis.web.desk.context import DeskContext
from parvis_bulk_actions.desk.in_queue import SELECTION
from parvis_testing.desk import ANA, counted_as, said
from parvis_testing.many import hidden, previewed, sure, ticked


def steps_of(page):
    """The steps offered, by their codes."""
    return {key.partition("~")[0]: key for key in re.findall(r'name="_do" value="([^"]+~[^"]+)"', page.text)}


async def test_lines_are_ticked_in_one_plain_form(desk, four):
    clerk = await desk.signed_in("agent", "roads")
    page = await clerk.get("/bureau")
    assert sorted(re.findall(r'name="r" value="([^"]+)" form="many"', page.text)) == sorted(o.reference for o in four)
    assert re.search(r'<form id="many" action="/bureau/plusieurs" method="get"', page.text)
    observer = await desk.signed_in("observer", "roads")
    assert 'form="many"' not in (await observer.get("/bureau")).text


async def test_a_step_is_shown_first_then_made_for_those_that_can_and_told_of_each(desk, four):
    clerk = await desk.signed_in("agent", "roads")
    page = await ticked(clerk, four)
    page = await previewed(clerk, page, steps_of(page)["start"])
    assert counted_as("%(num)s request can be changed.", "%(num)s requests can be changed.", 3) in clerk.text
    assert "n’est pas possible quand la requête est à l’état" in clerk.text
    assert [(await desk.record(one.reference)).state for one in four] == ["received"] * 3 + ["working"]
    page = await sure(clerk, page)
    assert page.status_code == 200
    assert counted_as("%(num)s request was changed.", "%(num)s requests were changed.", 3) in clerk.text
    assert clerk.text.count(said("Changed")) >= 3
    assert [(await desk.record(one.reference)).state for one in four] == ["working"] * 4


async def test_answers_to_a_step_are_asked_once_for_all_and_a_missing_one_is_told_at_its_question(desk, four):
    clerk = await desk.signed_in("agent", "roads")
    page = await ticked(clerk, four[3:])
    key = steps_of(page)["ask"]
    page = await previewed(clerk, page, key)
    assert page.status_code == 422
    assert f'id="{key}-reason-error"' in page.text
    page = await previewed(clerk, page, key, **{f"{key}.reason": "Où exactement ?"})
    await sure(clerk, page, **{f"{key}.reason": "Où exactement ?"})
    assert (await desk.record(four[3].reference)).phase == "waiting_for_you"


async def test_a_press_repeated_leads_to_the_same_batch_and_changes_nothing_more(desk, four):
    clerk = await desk.signed_in("agent", "roads")
    page = await previewed(clerk, await ticked(clerk, four), "priority", priority=str(URGENT))
    first = await sure(clerk, page)
    clerk.page = page
    second = await sure(clerk, page)
    assert second.url == first.url
    assert {(await desk.record(one.reference)).version for one in four[:3]} == {four[0].version + 1}


async def test_an_assignment_leaves_alone_what_a_colleague_changed_since_it_was_shown(desk, four):
    clerk = await desk.signed_in("agent", "public_works")
    page = await previewed(clerk, await ticked(clerk, four), "assign", unit="lighting", assignee="")
    await assign(desk.host, four[0].reference, unit="roads", assignee=None, actor=ANA)
    await sure(clerk, page)
    assert said("Not changed: somebody else changed it in the meantime. Check it first.") in clerk.text
    assert [(await desk.record(one.reference)).unit for one in four] == ["roads", "lighting", "lighting", "lighting"]


async def test_who_cannot_take_a_request_is_named_beside_it_before_and_after(desk, four):
    clerk, luc = await desk.signed_in("agent", "public_works"), await desk.agent(unit="lighting", name="Luc Roy")
    lamp = await desk.request(unit="lighting")
    page = await previewed(clerk, await ticked(clerk, [*four, lamp]), "assign", unit="", assignee=luc.id)
    told = "Luc Roy ne peut pas travailler sur cette requête dans l’unité « Voirie »."
    assert told in clerk.text
    assert counted_as("%(num)s request can be changed.", "%(num)s requests can be changed.", 1) in clerk.text
    both = " ".join(f"{one.reference}.{one.version}" for one in (lamp, four[0]))
    await sure(clerk, page, chosen=both)
    assert told in clerk.text
    given = [(await desk.record(one.reference)).assignee for one in (lamp, *four)]
    assert [str(each) for each in given] == [luc.id, *["None"] * 4]


async def test_what_is_handed_to_others_is_counted_and_not_shown(desk, four):
    clerk = await desk.signed_in("agent", "roads")
    page = await previewed(clerk, await ticked(clerk, four), "assign", unit="lighting", assignee="")
    page = await sure(clerk, page)
    assert four[0].reference not in page.text
    words = "%(num)s other is now with a unit whose requests you cannot see."
    many = "%(num)s others are now with units whose requests you cannot see."
    assert counted_as(words, many, 4) in clerk.text


async def test_requests_of_others_can_be_neither_ticked_nor_slipped_in(desk, four):
    clerk = await desk.signed_in("agent", "lighting")
    page = await ticked(clerk, four)
    assert said("First select requests in the queue.") in clerk.text
    chosen = " ".join(f"{one.reference}.{one.version}" for one in four)
    await clerk.post("/bureau/plusieurs", chosen=chosen, _do="priority", priority="2", _sure="1", batch=four[0].id)
    assert [(await desk.record(one.reference)).priority for one in four] == [0] * 4
    assert page.status_code == 200


async def test_a_batch_is_for_the_eyes_of_who_made_it(desk, four):
    clerk, other = await desk.signed_in("agent", "roads"), await desk.signed_in("agent", "roads", name="Luc")
    page = await sure(clerk, await previewed(clerk, await ticked(clerk, four), "priority", priority="1"))
    assert (await other.get(page.url.path)).status_code == 404


async def test_a_priority_is_seen_in_the_queue_and_narrows_it(desk, four):
    clerk = await desk.signed_in("agent", "roads")
    await sure(clerk, await previewed(clerk, await ticked(clerk, four[:2]), "priority", priority="2"))
    page = await clerk.get("/bureau?priorite=2")
    assert len(re.findall(r'name="r" value=', page.text)) == 2
    assert "Urgente" in re.search(r"(?s)<tr data-row.*?</tr>", page.text)[0]


async def test_pages_of_many_cost_the_same_however_many_are_ticked(desk, four):
    clerk = await desk.signed_in("agent", "roads")
    await ticked(clerk, four[:1])
    costs = []
    for records in (four[:1], four):
        with counted() as queries:
            page = await ticked(clerk, records)
        with counted() as more:
            await previewed(clerk, page, steps_of(page).get("start") or "priority", priority="1")
        costs.append((queries.count, more.count))
    assert costs[0] == costs[1]


async def test_what_was_done_to_many_is_taken_back_by_one_press(desk, four):
    clerk = await desk.signed_in("agent", "roads")
    await sure(clerk, await previewed(clerk, await ticked(clerk, four), "assign", unit="lighting", assignee=""))
    undoing = re.search(r'action="(/bureau/plusieurs/[^"]+/annuler)"', clerk.page.text)[1]
    await clerk.post(undoing)
    assert counted_as("%(num)s request was changed.", "%(num)s requests were changed.", 4) in clerk.text
    assert [(await desk.record(one.reference)).unit for one in four] == ["roads"] * 4
    assert "/annuler" not in clerk.page.text


async def test_the_whole_list_is_acted_on_not_only_its_page(desk):
    made = [await desk.request(unit="roads") for _ in range(52)]
    await make_move(desk.host, made[0].reference, "resolve", {}, actor=ANA, mover="agent")
    clerk = await desk.signed_in("agent", "roads")
    page = await clerk.get("/bureau?type=hole&tri=newest")
    words = ("Act on the whole list: %(num)s request", "Act on the whole list: %(num)s requests")
    assert counted_as(*words, 51) in clerk.text
    form = re.search(r'(?s)<form action="/bureau/plusieurs" method="get" class="many">(.*?)</form>', page.text)[1]
    kept = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    assert kept == {"type": "hole", "tri": "newest"}
    page = await clerk.get("/bureau/plusieurs?tous=1&type=hole&tri=newest")
    assert len(hidden(page, "chosen").split()) == 51
    page = await previewed(clerk, page, "priority", priority=str(URGENT))
    await sure(clerk, page)
    assert {(await desk.record(one.reference)).priority for one in made[1:]} == {URGENT}
    assert (await desk.record(made[0].reference)).priority == 0


async def test_a_list_longer_than_a_batch_says_so_and_gives_its_first_ones(desk, monkeypatch):
    for name in ("batches", "desk.pages"):
        monkeypatch.setattr(f"parvis_bulk_actions.{name}.MOST", 51)
    here = replace(SELECTION, owner="bulk_actions", most=51)
    monkeypatch.setattr(DeskContext, "selection", here)
    for _ in range(53):
        await desk.request(unit="roads")
    clerk = await desk.signed_in("agent", "roads")
    await clerk.get("/bureau")
    assert said("Act on the first %(num)s of this list", num=51) in clerk.text
    page = await clerk.get("/bureau/plusieurs?tous=1")
    assert len(hidden(page, "chosen").split()) == 51
    told = "The list has more requests: these are the first ones, in order. Process the rest afterwards."
    assert said(told) in clerk.text


async def test_the_whole_list_is_never_more_than_what_one_sees(desk, four):
    parks = await desk.signed_in("agent", "parks")
    page = await parks.get("/bureau/plusieurs?tous=1&unite=roads")
    assert said("First select requests in the queue.") in parks.text
    assert 'name="chosen"' not in page.text
