"""Quality samples: drawn once and kept, looked at by a checklist, told by unit; an erased request leaves."""

import re
from datetime import timedelta

import pytest

from parvis import clock
from parvis.identifiers import new_id
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis_dashboards.quality_criteria import CRITERIA
from parvis_dashboards.quality_samples import places_drawn
from parvis_testing.desk import ANA, said

HERE = "/bureau/tableau/qualite"
ITEMS = r'<a href="(/bureau/tableau/qualite/[^/"]+/\d+)">([^<]+)</a>'
TILES = r'<span class="tile__value">([^<]+)</span>'
MET = {"c1": "yes", "c2": "yes", "c3": "no", "c4": "none"}


@pytest.fixture
async def closed(desk):
    """Three closed of roads and one of lighting, a week ago; one more is open."""
    with clock.moved_to(clock.now() - timedelta(days=7)):
        records = [await desk.request("hole", unit) for unit in ("roads", "roads", "roads", "lighting", "roads")]
        for record in records[:4]:
            await make_move(desk.host, record.reference, "resolve", {}, actor=ANA, mover="agent")
    return records


async def test_a_sample_is_drawn_looked_at_and_told_by_unit(desk, closed):
    manager = await desk.signed_in("manager")
    await manager.get(HERE)
    once = str(new_id())
    sheet = await manager.post(HERE, unite="", combien="3", once=once)
    items = re.findall(ITEMS, sheet.text)
    assert len({reference for _, reference in items}) == 3
    assert closed[4].reference not in sheet.text
    await manager.post(HERE, unite="", combien="3", once=once)  # pressed twice
    assert re.findall(ITEMS, (await manager.get(f"{HERE}/{once}")).text) == items
    other = await manager.post(HERE, unite="", combien="2", once=once)  # something else, after going back
    assert len(re.findall(ITEMS, other.text)) == 2
    listed = (await manager.get(HERE)).text.count(f"{HERE}/")
    none = await manager.post(HERE, unite="", combien="2", depuis="2001-01-01", jusqua="2001-01-02", once=str(new_id()))
    assert none.status_code == 422
    assert (await manager.get(HERE)).text.count(f"{HERE}/") == listed  # and nothing of it is kept
    page = await manager.get(items[0][0])
    assert all(each.title.fr in page.text for each in CRITERIA.usual)
    page = await manager.post(items[0][0], c1="yes")
    assert page.status_code == 422
    assert page.text.count("Choisissez une réponse") == 6
    page = await manager.post(items[0][0], **MET)
    assert str(page.url).endswith(items[1][0])  # the next one
    shown = (await manager.get(f"{HERE}/{once}")).text
    assert [each.replace("\u00a0", " ") for each in re.findall(TILES, shown)] == ["1", "67 %"]
    assert said("Results of the last 12 months") in (await manager.get(HERE)).text


async def test_what_somebody_else_kept_is_not_overwritten_unseen(desk, closed):
    one, other = await desk.signed_in("manager"), await desk.signed_in("manager")
    await one.get(HERE)
    sheet = await one.post(HERE, unite="", combien="1", once=str(new_id()))
    [(path, _)] = re.findall(ITEMS, sheet.text)
    await one.get(path)
    await other.get(path)
    assert (await one.post(path, **MET)).status_code == 200
    assert (await other.post(path, **MET | {"c1": "no"})).status_code == 422
    assert 'value="yes" checked' in other.page.text


async def test_an_erased_request_leaves_and_another_unit_sees_nothing_of_it(desk, closed):
    manager = await desk.signed_in("manager", "roads")
    await manager.get(HERE)
    sheet = await manager.post(HERE, unite="roads", combien="50", once=str(new_id()))
    assert {reference for _, reference in re.findall(ITEMS, sheet.text)} == {each.reference for each in closed[:3]}
    await erase(desk.host, closed[0].reference, actor=ANA)
    page = await manager.get(str(sheet.url))
    assert closed[0].reference not in page.text
    assert len(re.findall(ITEMS, page.text)) == 2
    other = await desk.signed_in("manager", "lighting")
    assert (await other.http.get(str(sheet.url))).status_code == 404
    assert str(sheet.url).rpartition("/")[2] not in (await other.get(HERE)).text
    page = await other.post(HERE, unite="roads", combien="5", once=str(new_id()))
    assert page.status_code == 422
    assert (await other.post(HERE, unite="lighting", combien="0", once=str(new_id()))).status_code == 422


def test_places_are_drawn_without_repeating_and_the_same_for_the_same_number():
    assert places_drawn(7, 3, 5) == (1, 2, 3)
    drawn = places_drawn(11, 1000, 20)
    assert len(set(drawn)) == 20
    assert min(drawn) >= 1
    assert max(drawn) <= 1000
    assert drawn == places_drawn(11, 1000, 20) != places_drawn(12, 1000, 20)
