"""What wants the same ground on the same days is found; what only touches one of the two is not."""

import pytest
from msgspec import structs

from parvis.requests.actors import REQUESTER
from parvis.requests.declarations import type_of_record
from parvis.requests.lifecycle import make_move, withdraw
from parvis.requests.records import Record
from parvis.requests.visibility import SYSTEM_VIEWER
from parvis_grants.overlapping import overlapping
from parvis_sdk.conditions import AtLeast
from parvis_sdk.fields import Date
from parvis_sdk.forms import Form, Section
from parvis_sdk.overlaps import OVERLAPS, Overlap
from parvis_sdk.request_types import PlaceRule, RequestType, Retention
from parvis_sdk.text import Text
from parvis_sdk.validity import Validity
from parvis_sdk.workflow import Need, Transition
from parvis_testing.town import HOLE

WEST, SOUTH = -73.5810, 45.5230


def said(fr: str) -> Text:
    return Text(fr=fr, en=fr)


def square(east: float, north: float, side: float = 0.001) -> dict:
    """A square drawn so far from a corner, in thousandths of a degree."""
    x, y = WEST + east / 1000, SOUTH + north / 1000
    ring = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
    return {"geometry": {"type": "Polygon", "coordinates": [ring]}, "address": "rue Rachel Est"}


def line(west: float, east: float) -> dict:
    """A line along a street, from one thousandth of a degree to another."""
    points = [[WEST + each / 1000, SOUTH] for each in (west, east)]
    return {"geometry": {"type": "LineString", "coordinates": points}, "address": "rue Rachel Est"}


LAST = Date(code="last", label=said("Fin"))
TERRACE = RequestType(
    code="terrace",
    title=said("Terrasse"),
    summary=said("Une terrasse"),
    slug=said("terrasse"),
    theme=HOLE.theme,
    form=Form(
        sections=(
            Section(
                code="when",
                title=said("Quand"),
                fields=(Date(code="first", label=said("Début")), LAST),
            ),
        )
    ),
    workflow=structs.replace(
        HOLE.workflow,
        transitions=(
            *HOLE.workflow.transitions,
            Transition(
                code="confirm",
                title=said("Confirmer"),
                sources=("received",),
                target="received",
                by=("requester",),
                needs_when=(
                    Need(
                        fact="validity.terrace.valid",
                        when=AtLeast(field=OVERLAPS, value=1),
                        says=said("Quelqu’un d’autre veut cet endroit."),
                    ),
                ),
            ),
            Transition(
                code="prolong",
                title=said("Prolonger"),
                sources=("received",),
                target="received",
                by=("requester",),
                asks=Form(sections=(Section(code="until", title=said("Fin"), fields=(LAST,)),)),
            ),
        ),
    ),
    place=PlaceRule(shapes=("polygon", "line")),
    parts=(Validity(code="terrace", title=said("Terrasse"), until="last"),),
    retention=Retention(days=365),
    overlaps=Overlap(first="first", last="last"),
)


@pytest.fixture
def square_of(town_of):
    """`ask(place, first, last)` files a terrace and answers its record."""
    town = town_of(TERRACE)

    async def ask(place, first, last):
        receipt = await town.submit("terrace", place=place, answers={"first": first, "last": last})
        return await town.record(receipt.reference)

    return town, ask


async def test_ground_and_days_must_both_meet(square_of):
    town, ask = square_of
    here = await ask(square(0, 0), "2026-12-01", "2026-12-10")
    there = await ask(square(0.5, 0.5), "2026-12-10", "2026-12-20")
    await ask(square(0.5, 0.5), "2026-12-11", "2026-12-20")  # the day after
    await ask(square(5, 5), "2026-12-01", "2026-12-10")  # some streets away
    gone = await ask(square(0, 0), "2026-12-01", "2026-12-10")
    await withdraw(town.host, gone.reference, {})
    request_type = await type_of_record(town.host, here)
    (found,) = await overlapping(town.host, here, request_type, SYSTEM_VIEWER)
    assert found.reference == there.reference
    assert (found.first.isoformat(), found.last.isoformat()) == ("2026-12-10", "2026-12-20")
    # A quarter of a square of 111 m by 78 m.
    assert 2100 < found.square_metres < 2250
    assert [each.reference for each in await overlapping(town.host, there, request_type, SYSTEM_VIEWER)] != []


async def test_two_terraces_on_one_ground_are_seen_when_one_of_them_is_prolonged(square_of):
    """Else the town grants the same ground twice: the day that was asked for at first is not the last any more."""
    town, ask = square_of
    here = await ask(square(0, 0), "2026-12-11", "2026-12-20")
    there = await ask(square(0.5, 0.5), "2026-12-01", "2026-12-10")
    request_type = await type_of_record(town.host, here)
    assert await overlapping(town.host, here, request_type, SYSTEM_VIEWER) == ()
    prolonged = await make_move(
        town.host, there.reference, "prolong", {"last": "2026-12-15"}, actor=REQUESTER, mover="requester"
    )
    (found,) = await overlapping(town.host, here, request_type, SYSTEM_VIEWER)
    assert (found.reference, found.last.isoformat()) == (there.reference, "2026-12-15")
    assert [each.reference for each in await overlapping(town.host, prolonged, request_type, SYSTEM_VIEWER)] == [
        here.reference
    ]


async def test_who_may_not_see_another_request_learns_how_much_is_in_common_and_when(square_of):
    town, ask = square_of
    here = await ask(square(0, 0), "2026-12-01", "2026-12-10")
    there = await ask(square(0.5, 0.5), "2026-12-10", "2026-12-20")
    request_type = await type_of_record(town.host, here)
    nobody = structs.replace(town.agent(), reaches=())
    (found,) = await overlapping(town.host, here, request_type, nobody)
    assert (found.reference, found.address, found.title.en) == ("", "", "Another request")
    assert (2100 < found.square_metres < 2250, found.metres, found.last.isoformat()) == (True, 0, "2026-12-20")
    (seen,) = await overlapping(town.host, here, request_type, town.agent())
    assert seen.reference == there.reference


async def test_lines_have_metres_in_common(square_of):
    town, ask = square_of
    here = await ask(line(0, 2), "2026-12-01", "2026-12-10")
    await ask(line(1, 3), "2026-12-01", "2026-12-10")
    (found,) = await overlapping(town.host, here, await type_of_record(town.host, here), SYSTEM_VIEWER)
    assert (found.square_metres, 75 < found.metres < 81) == (0, True)  # a thousandth of a degree at this latitude


async def test_a_move_needs_what_overlaps_make_it_need(square_of):
    town, ask = square_of
    here = await ask(square(0, 0), "2026-12-01", "2026-12-10")
    agent = {"actor": REQUESTER, "mover": "requester"}
    assert isinstance(await make_move(town.host, here.reference, "confirm", {}, **agent), Record)
    await ask(square(0.5, 0.5), "2026-12-10", "2026-12-20")
    refused = await make_move(town.host, here.reference, "confirm", {}, **agent)
    assert (refused.code, refused.reason.fr.endswith("Quelqu’un d’autre veut cet endroit.")) == ("not_yet", True)


def test_points_cannot_overlap_and_dates_must_be_asked():
    wrong = structs.replace(TERRACE, place=PlaceRule(), overlaps=Overlap(first="first", last="never"))
    assert [mistake.where for mistake in wrong.mistakes()] == [
        "request type 'terrace' · overlaps · last",
        "request type 'terrace' · overlaps",
    ]
