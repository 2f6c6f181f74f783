"""What panels and chores find: within their scope, once it is granted; for a page, what its reader may see."""

import pytest

from parvis.access_scope import Reach
from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis.requests import asked_panels
from parvis.requests.declarations import type_of_record
from parvis.requests.scope_keeper import Search, finder_for
from parvis.requests.visibility import SYSTEM_VIEWER, Viewer, present
from parvis_proposals.granting import asking, declared_scopes
from parvis_sdk.chores import Chore, Every
from parvis_sdk.contents import Fact, Facts, RequestReference
from parvis_sdk.finding import OutsideScope, Scope
from parvis_sdk.panels import MOST_SEARCHES, Panel
from parvis_sdk.text import Text

TITLE = Text(fr="Choses semblables", en="Things like it")
SEEN = Scope(types=("lost",), answers=("colour", "words"), place=True)


@pytest.fixture(autouse=True)
def a_slow_machine_is_waited_for(monkeypatch):
    monkeypatch.setattr(asked_panels, "SECONDS", 30.0)


def near(times=1, **more):
    """A panel of the desk that shows what is like a request."""

    async def show(request, connection):
        for _ in range(times):
            found = await connection.finder.find(type="lost", answers={"colour": "red"})
        rows = tuple(Fact(label=TITLE, value=RequestReference(reference=each.reference)) for each in found)
        return (Facts(rows=rows),) if rows else ()

    return Panel(**{"code": "near", "title": TITLE, "shown_to": ("desk",), "show": show, "finds": (SEEN,), **more})


async def shown(town, viewer=SYSTEM_VIEWER):
    """The references that the panel shows of a request, or that it is missing."""
    record = await town.report("found")
    view = present(town.host, record, await type_of_record(town.host, record), viewer)
    answers = await asked_panels.asked_panels(town.host, record, view, viewer)
    if any(each.is_missing for each in answers):
        return None
    return [row.value.reference for each in answers for content in each.contents for row in content.rows]


async def test_a_panel_finds_once_its_scope_is_granted_and_not_once_it_is_revoked(having):
    town = await having(near())
    lost = await town.report("lost")
    await town.report("lost", colour="blue")
    assert await shown(town) == []
    await town.grant()
    assert await shown(town) == [lost.reference]
    await town.grant(granted=False)
    assert await shown(town) == []


async def test_a_panel_finds_nothing_where_the_module_is_off(having):
    town = await having(near(), state="off")
    await town.report("lost")
    assert await shown(town) == []


async def test_a_panel_finds_what_its_reader_may_see_and_no_more(having):
    town = await having(near())
    await town.grant()
    roads, parks = await town.report("lost"), await town.report("lost")
    async with transaction(town.host.engine):
        for record, unit in ((roads, "roads"), (parks, "parks")):
            await ServiceRequest.update({ServiceRequest.unit: unit}).where(ServiceRequest.id == record.id)
    reach = Reach(permissions=frozenset({"see"}), jurisdiction="parvis", unit="roads")
    assert await shown(town, Viewer(kind="agent", id="ana", reaches=(reach,))) == [roads.reference]
    assert await shown(town, Viewer(kind="agent", id="ana")) == []
    assert sorted(await shown(town)) == sorted([roads.reference, parks.reference])


async def test_a_panel_that_searches_too_often_is_missing(having):
    town = await having(near(times=MOST_SEARCHES + 1))
    await town.grant()
    assert await shown(town) is None


async def test_a_panel_without_a_scope_searches_outside_of_it(having):
    town = await having(near(finds=()))
    assert await shown(town) is None


async def test_a_grant_of_a_panel_does_not_hold_for_one_that_finds_more(having):
    town = await having(near())
    await town.grant()
    here = town.host.jurisdictions.jurisdiction("parvis")
    town = await having(near(finds=(Scope(types=("lost", "other"), answers=("colour",)),)))
    (scope,) = await declared_scopes(town.host, (here,))
    assert (scope.seeker.name, scope.standing) == ("things.panels.near", "changed")
    await town.report("lost")
    assert await shown(town) == []


async def count(town, connection):
    return None


def tally(**more):
    given = {"code": "tally", "title": TITLE, "turns": Every(minutes=5), "work": count, "finds": (SEEN,)}
    return Chore(**given | more)


def lent(town, chore, code="parvis"):
    return finder_for(town.host, Search(name=f"things.chores.{chore.code}", noun=chore, town=code))


async def test_a_chore_finds_requests_of_its_town_once_that_is_granted(having):
    chore = tally()
    town = await having(chore)
    lost = await town.report("lost", words="Un vélo")
    assert await lent(town, chore).find() == ()
    await town.grant()
    (one,) = await lent(town, chore).find(type="lost")
    assert (one.reference, one.answers) == (lost.reference, {"colour": "red", "words": "Un vélo"})
    assert await lent(town, chore, "rivemont").find() == ()
    with pytest.raises(OutsideScope):
        await lent(town, chore).find(type="found")


async def test_what_is_granted_to_a_chore_is_granted_to_nothing_of_the_same_code(having):
    town = await having(tally(), near(code="tally"))
    here = town.host.jurisdictions.jurisdiction("parvis")
    assert [each.name for each in asking(town.host, here)] == ["things.panels.tally", "things.chores.tally"]


async def test_a_chore_of_another_town_asks_for_nothing_here(having):
    town = await having(tally(towns=("rivemont",)))
    assert [*asking(town.host, town.host.jurisdictions.jurisdiction("parvis"))] == []
