"""A table, a map or a picture that a document could lack, or look for in vain, is a mistake of its author."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec import structs

from parvis_sdk.document_contents import AnswersTable, FeeTable, OpinionTable, Picture, PlaceMap
from parvis_sdk.documents import Document
from parvis_sdk.fees import Fee
from parvis_sdk.fields import Group, Number, Photo, ShortText
from parvis_sdk.forms import Form, Section
from parvis_sdk.parts import stored_part
from parvis_sdk.request_types import PlaceRule
from parvis_sdk.reviews import Review, Task
from parvis_sdk.tariffs import Fixed, Tariff
from parvis_sdk.testing import Desk
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.text import Text

L = Text(fr="Permis", en="Permit")
TREES = Group(
    code="trees",
    label=L,
    item=L,
    fields=(
        ShortText(code="species", label=Text(fr="Essence", en="Species")),
        Number(code="count", label=Text(fr="Nombre", en="Count")),
    ),
)
PHOTOS = Photo(code="photos", label=L, required=False)
STUDY = Fixed(code="study", title=Text(fr="Étude", en="Study"), amount=Decimal(55))
FEE = Fee(code="fee", title=L, tariffs=(Tariff(since=date(2026, 1, 1), lines=(STUDY,)),))
OPINIONS = Review(code="opinions", title=L, tasks=(Task(code="fire", title=L, readers=("deciders", "requester")),))
TABLE = AnswersTable(code="rows", title=L, of="trees")
FEES = FeeTable(code="fees", title=L, fee="fee")
GIVEN = OpinionTable(code="given", title=L, review="opinions")
MAP = PlaceMap(code="map", title=L)
PICTURE = Picture(code="front", title=L, of="photos", alt=L)


def permit(*holds, **more) -> Document:
    return Document(code="permit", title=L, kind="permit", number="P-{number:05}", holds=holds, **more)


def request_type(document, *, needs=(), place=None, fields=(TREES, PHOTOS), parts=(FEE, OPINIONS)):
    (close,) = SAMPLE.workflow.transitions
    moves = (structs.replace(close, brings=("document.permit.issued",), needs=needs),)
    return structs.replace(
        SAMPLE,
        form=Form(sections=(Section(code="s", title=L, fields=fields),)),
        workflow=structs.replace(SAMPLE.workflow, transitions=moves),
        place=place or PlaceRule(words=False),
        parts=(*parts, document),
    )


def told(*holds, **circumstances) -> list[str]:
    document = permit(*holds, may_lack=circumstances.pop("may_lack", ()))
    return [
        str(each) for each in (*document.mistakes(), *document.mistakes_in(request_type(document, **circumstances)))
    ]


def test_what_is_always_there_may_be_held():
    assert told(TABLE, MAP) == []
    assert told(FEES, needs=("fee.fee.paid",)) == []
    assert told(GIVEN, needs=("review.opinions.done",)) == []
    assert told(PICTURE, fields=(structs.replace(PHOTOS, required=True),)) == []


@pytest.mark.parametrize("held", [FEES, GIVEN, PICTURE], ids=lambda each: each.code)
def test_what_may_be_empty_is_a_mistake_unless_its_author_knows(held):
    (mistake,) = told(held)
    assert f"{held.code!r} may have nothing to show, and would be missing" in mistake
    assert f"or name {held.code!r} in `may_lack`" in mistake
    assert told(held, may_lack=(held.code,)) == []


def test_a_map_of_a_place_that_may_be_told_in_words_may_be_empty():
    (mistake,) = told(MAP, place=PlaceRule())
    assert "'map' may have nothing to show" in mistake


def test_rows_that_a_question_may_leave_out_may_be_empty():
    (mistake,) = told(TABLE, fields=(structs.replace(TREES, required=False),))
    assert "'rows' may have nothing to show" in mistake


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (structs.replace(TABLE, of="photos"), "'photos' is no group of questions"),
        (structs.replace(TABLE, columns=("height",)), "'height' is not asked in 'trees' · use species, count"),
        (structs.replace(FEES, fee="other"), "there is no fee 'other'"),
        (structs.replace(GIVEN, review="other"), "there is no review 'other'"),
        (structs.replace(PICTURE, of="trees"), "'trees' is no photo that the form asks for"),
        (structs.replace(PICTURE, most=9), "it would be 9 pictures"),
        (structs.replace(PICTURE, alt=Text(fr="")), "alt"),
        (structs.replace(MAP, around=3), "no map shows 3 m around"),
    ],
)
def test_what_is_looked_for_in_vain_is_named(held, said):
    found = told(held, may_lack=(held.code,))
    assert any(said in mistake.replace(" · the plugin is left out", "") for mistake in found), found


def test_opinions_that_the_requester_may_not_read_stand_in_no_document():
    kept = structs.replace(OPINIONS, tasks=(Task(code="fire", title=L),))
    found = told(GIVEN, parts=(kept,), may_lack=("given",))
    assert any("the requester may read no opinion of 'opinions'" in mistake for mistake in found)


def test_two_things_of_one_code_and_a_template_that_shows_none_are_told():
    assert any("'map' is used twice" in each for each in told(MAP, MAP))
    silent = permit(MAP, source='#import "parvis.typ": *\n#let paper(it) = head(it)')
    assert any("shows nothing of what the document `holds`" in str(each) for each in silent.mistakes())


def test_what_a_document_holds_is_stored_with_it():
    document = permit(TABLE, FEES, GIVEN, MAP, PICTURE)
    assert Document.read(bytes(stored_part(document))) == document


async def test_the_pretend_desk_says_what_stands_in_it():
    document = permit(TABLE, MAP, PICTURE, FEES, may_lack=("front", "fees"))
    desk = Desk(types=(request_type(document),))
    trees = [{"species": "Érable", "count": "2"}]
    somebody = {"mode": "named", "name": "Zoé", "email": "zoe@exemple.com"}
    place = {"lon": -73.58, "lat": 45.52}
    case = await desk.submit("sample", {"answers": {"trees": trees}, "place": place, "requester": somebody})
    await desk.move(case, "close")
    (issued,) = desk.documents(case)
    assert issued.holds["rows"].columns == ("Essence", "Nombre")
    assert issued.holds["rows"].rows == (("Érable", "2"),)
    assert issued.holds["map"].place.lon == -73.58
    assert issued.unsaid == ("front", "fees")
