"""The checklist beside a request, without scripts: begun from a ready list, ticked, added to, read by others."""

import re

import pytest
from msgspec import structs

from parvis.requests.actors import Actor
from parvis_checklists.items import Edit, edit_checklist, items_of
from parvis_checklists.town_checklists import CHECKLISTS, Checklist
from parvis_sdk.text import Text
from parvis_testing.desk import said

CREW = Checklist(
    code="crew",
    title=Text(fr="Avant d’envoyer une équipe"),
    items=(Text(fr="Photos regardées", en="Photos looked at"), Text(fr="Endroit précis", en="Place known")),
)
BINS = structs.replace(CREW, code="bins", types=("bin",))
LUC = Actor(kind="agent", id="luc", name="Luc Roy")


def address(record, *steps):
    return "/".join(("/bureau/requete", record.reference, *steps))


@pytest.fixture
async def hole(desk):
    town = desk.host.jurisdictions.jurisdiction("parvis")
    before = town.from_files
    structs.force_setattr(town, "from_files", CHECKLISTS.put(town, (CREW, BINS)).from_files)
    yield await desk.request("hole", "roads")
    structs.force_setattr(town, "from_files", before)


async def test_a_ready_list_is_begun_with_one_press_and_offered_no_more(desk, hole):
    clerk = await desk.signed_in()
    page = await clerk.get(address(hole))
    assert re.findall(r'name="_begin" value="(\w+)"', page.text) == ["crew"]
    page = await clerk.post(address(hole, "liste"), _begin="crew")
    assert said("The checklist is changed.") in clerk.text
    assert [item.words.fr for item in await items_of(hole)] == ["Photos regardées", "Endroit précis"]
    assert 'name="_begin"' not in page.text


async def test_what_a_colleague_ticked_meanwhile_stays_and_what_is_typed_is_never_lost(desk, hole):
    await edit_checklist(desk.host, hole.reference, Edit(added=CREW.items), actor=LUC)
    first, second = await items_of(hole)
    clerk = await desk.signed_in()
    await clerk.get(address(hole))
    await edit_checklist(desk.host, hole.reference, Edit(ticked={second.id: True}), actor=LUC)
    await clerk.post(address(hole, "liste"), done=str(first.id), words="Appeler le garage", _keep="1")
    first, second, third = await items_of(hole)
    assert (first.done_by, second.done_by, third.words.fr) == ("Ana Tremblay", "Luc Roy", "Appeler le garage")
    assert f'name="was" value="{first.id}"' in clerk.page.text
    await clerk.post(address(hole, "liste"), was=[str(first.id), str(second.id)], done=str(second.id), _keep="1")
    assert [item.done_by for item in await items_of(hole)] == ["", "Luc Roy", ""]
    await clerk.post(address(hole, "liste"), _keep="1")
    assert said("No change: the checklist was already up to date.") in clerk.text


async def test_an_empty_line_is_refused_at_its_box_and_a_line_goes_by_its_own_button(desk, hole):
    clerk = await desk.signed_in()
    page = await clerk.post(address(hole, "liste"), _add="1", words="  ")
    assert page.status_code == 422
    assert 'href="#checklist-words"' in page.text
    await clerk.post(address(hole, "liste"), _add="1", words="Une ligne")
    (line,) = await items_of(hole)
    await clerk.post(address(hole, "liste"), _remove=str(line.id))
    assert await items_of(hole) == ()


async def test_enter_keeps_what_is_ticked_for_the_first_button_of_the_form_is_that_one(desk, hole):
    await edit_checklist(desk.host, hole.reference, Edit(added=CREW.items), actor=LUC)
    page = await (await desk.signed_in()).get(address(hole))
    form = page.text[page.text.index('/liste"') :]
    assert re.search(r'<button[^>]*name="(\w+)"', form)[1] == "_keep"


async def test_who_only_looks_reads_the_list_and_has_nothing_to_press(desk, hole):
    await edit_checklist(desk.host, hole.reference, Edit(added=CREW.items), actor=LUC)
    observer = await desk.signed_in("observer")
    page = await observer.get(address(hole))
    assert "Photos regardées" in page.text
    assert 'name="_keep"' not in page.text
    assert (await observer.post(address(hole, "liste"), _begin="crew")).status_code == 403
