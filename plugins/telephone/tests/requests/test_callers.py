"""Callers are found by anything they say of themselves, only by agents who may see the requester."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from parvis.access_scope import Area, Reach, Scope
from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis.requests.actors import Actor
from parvis.requests.amendments import assign
from parvis.requests.lists.search import Filters, queue
from parvis.requests.records import as_json, record_of
from parvis.requests.visibility import Viewer, scope_of, sees_contact
from parvis_telephone.callers import callers
from parvis_telephone.heard_references import heard_wrong

ANA, LUC = "01a21300-0000-7000-8000-00000000000a", "01a21300-0000-7000-8000-00000000000b"
ALL = Scope(jurisdiction="parvis")
UNITS = ("public_works", "roads", "lighting", "parks", "trees")

viewers = some.builds(
    Viewer,
    kind=some.sampled_from(("agent", "token")),
    id=some.sampled_from((ANA, LUC)),
    reaches=some.lists(
        some.builds(
            Reach,
            permissions=some.sampled_from((frozenset({"see"}), frozenset({"see", "contacts"}), frozenset({"report"}))),
            jurisdiction=some.sampled_from(("parvis", "parvis", "parvis", "rivemont")),
            unit=some.sampled_from(("", *UNITS)),
            zones=some.frozensets(some.sampled_from(("plateau", "outremont")), max_size=2),
        ),
        max_size=3,
    ).map(tuple),
)


def over(unit: str) -> Scope:
    return Scope(jurisdiction="parvis", areas=(Area(units=frozenset({unit})),))


async def made(town, unit, **given):
    receipt = await town.submit(given.pop("type", "hole"), **given)
    await assign(town.host, receipt.reference, unit=unit, actor=Actor(kind="agent", id="ana", name="Ana"))
    return receipt.reference


async def test_a_caller_is_found_by_any_part_of_what_they_say(town):
    zoe = {"mode": "named", "name": "Zoé Côté-Œuvray", "email": "Zoe@Exemple.ca", "phone": "514 555-0101"}
    first = await made(town, "roads", requester=zoe)
    second = await made(town, "roads", requester=zoe | {"email": "", "name": "Z. Côté"})
    await made(town, "roads", requester={"mode": "named", "name": "Luc Roy", "email": "luc@exemple.ca"})
    for typed in ("zoe cote", "OEUVRAY", "514 555 0101", "5145550101", "(514) 555-0101", "zoe@exemple", "côté zoé"):
        (found, *others) = (await callers(town.host.engine, ALL, typed)).people
        assert found.name, typed
        assert first in found.references
        assert others == []
    (zoe,) = (await callers(town.host.engine, ALL, "cote")).people
    assert zoe.references == (second, first)
    assert zoe.standing == 2
    for typed in ("", "  ", "x", "%", "_", "514 555-9999", "zoe roy"):
        assert (await callers(town.host.engine, ALL, typed)).people == ()
    assert (await callers(town.host.engine, over("lighting"), "cote")).people == ()


async def test_a_confidential_caller_is_never_found(town):
    await made(town, "noise", type="quarrel")
    assert (await callers(town.host.engine, ALL, "Zoé")).people == ()


class Rows(list):
    """Told in one word where a property fails."""

    def __repr__(self) -> str:
        return "rows"


@pytest.fixture
async def rows(town):
    """One request for each unit, zone and person from whom it is kept."""
    for unit, zone, kept in itertools.product(UNITS, ("plateau", "outremont", ""), ((), (ANA,), (LUC,))):
        receipt = await town.submit(answers={"danger": False, "words": "Girafe"})
        columns = {"unit": unit, "zone": zone, "kept_from": as_json(kept)}
        async with transaction(town.host.engine):
            await ServiceRequest.update(columns).where(ServiceRequest.reference == receipt.reference)
    return Rows(record_of(row) for row in await ServiceRequest.select())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(viewer=viewers)
async def test_a_person_is_found_where_one_may_see_who_asked_and_nowhere_else(town, rows, viewer):
    jurisdictions = town.host.jurisdictions
    known = {each.reference for each in rows if sees_contact(viewer, each, jurisdictions)}
    people = (await callers(town.host.engine, scope_of(viewer, "parvis", jurisdictions, "contacts"), "zoé")).people
    assert {reference for one in people for reference in one.references} == known


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Bernard Gagnon", "Ganion"),
        ("Bernard Gagnon", "Gagnon Bernar"),
        ("Lise Tremblay", "tremblé lise"),
        ("Omer Thibeault", "Tibo"),
        ("Ève Lefebvre", "Lefèvre"),
        ("Guy Roy", "Roi"),
        ("Jonathan Archambault", "Jonatan"),
        ("Anne Desrochers", "desrcohers"),
    ],
)
async def test_a_name_is_found_by_its_sound_and_with_a_slip_and_said_to_be_near(town, name, typed):
    reference = await made(town, "roads", requester={"mode": "named", "name": name, "phone": "514 555-0101"})
    await made(town, "roads", requester={"mode": "named", "name": "Zoé Quirion", "phone": "514 555-0102"})
    found = await callers(town.host.engine, ALL, typed)
    assert [person.references for person in found.people] == [(reference,)]
    assert (await callers(town.host.engine, over("lighting"), typed)).people == ()
    viewer = Viewer(
        kind="agent",
        id=ANA,
        reaches=(Reach(permissions=frozenset({"see", "contacts"}), jurisdiction="parvis"),),
    )
    page = await queue(town.host, viewer, "parvis", Filters(text=typed))
    assert [row.reference for row in page.rows] == [reference]


async def test_a_name_of_two_letters_is_found_by_its_sound(town):
    reference = await made(town, "roads", requester={"mode": "named", "name": "Mei Li", "phone": "514 555-0101"})
    assert [one.references for one in (await callers(town.host.engine, ALL, "Ly")).people] == [(reference,)]


async def test_whoever_is_likest_comes_first(town):
    for name in ("Ganyon Bertrand", "Gagnon Bernard"):
        await made(town, "roads", requester={"mode": "named", "name": name, "email": f"{name[:6]}@exemple.ca"})
    found = await callers(town.host.engine, ALL, "Bernar Ganion")
    assert found.near
    assert found.people[0].name == "Gagnon Bernard"


async def test_a_number_with_one_letter_misheard_is_pointed_out_to_who_may_see_it(town):
    reference = await made(town, "roads")
    body = reference.replace("-", "")
    wrong = "B" if body[1] != "B" else "D"
    for typed in (
        f"{body[0]}{wrong}{body[2:]}",
        f"{body[:4]}-{body[4:7]}{body[8]}",
        f"{body[:3]}{body[3]}{body[3:]}",
        f"{body[:4]}-{body[4:8]}-{'U'}",
    ):
        assert reference in await heard_wrong(ALL, typed), typed
        assert await heard_wrong(over("lighting"), typed) == ()
    assert await heard_wrong(ALL, reference) == ()
    assert await heard_wrong(ALL, "gagnon") == ()
