"""What a person typed, from the names of HTML to the shape a form reads."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from parvis.web.typed import flat_names, nested
from parvis_sdk.fields import ShortText
from parvis_sdk.text import Text

TOKEN = re.compile(r'name="_csrf" value="([^"]+)"')


def test_names_with_dots_become_groups_and_numbers_lists():
    pairs = [("lamps.1.fault", "out"), ("lamps.0.fault", "on"), ("when.day", "3"), ("side", "n"), ("side", "s")]
    assert nested(pairs) == {"lamps": [{"fault": "on"}, {"fault": "out"}], "when": {"day": "3"}, "side": ["n", "s"]}


def test_ten_items_stand_in_the_order_of_their_numbers():
    assert nested([(f"a.{n}.x", str(n)) for n in (10, 2, 1)]) == {"a": [{"x": "1"}, {"x": "2"}, {"x": "10"}]}


@pytest.mark.parametrize("pairs", [[("a", "1"), ("a.b", "2")], [("a.b", "2"), ("a", "1")]])
def test_a_value_and_a_group_of_one_name_do_not_break_anything(pairs):
    assert set(nested(pairs)) == {"a"}


name = some.text("ab.01é", max_size=12)


@given(some.lists(some.tuples(name, some.text(max_size=5)), max_size=20))
def test_no_names_whatever_break_the_reading(pairs):
    assert isinstance(nested(pairs), dict)


answers = some.dictionaries(
    some.sampled_from(["kind", "side", "x"]),
    some.one_of(some.text("ab", min_size=1), some.lists(some.text("ab", min_size=1), min_size=2, max_size=3)),
)


@given(answers)
def test_answers_carried_in_hidden_boxes_come_back(values):
    assert nested(flat_names(values)) == values


def test_places_and_groups_carried_in_hidden_boxes_come_back():
    values = {"spot": {"lon": "-73.5", "lat": "45.5"}, "lamps": [{"no": "1"}, {"no": "2"}]}
    assert nested(flat_names(values)) == values


async def test_a_form_with_too_many_fields_is_refused(pages):
    from .conftest import application, opened

    async with opened(application(pages)) as client:
        token = TOKEN.search((await client.get("/fr/formulaire")).text)[1]
        answer = await client.post("/fr/formulaire", data={"_csrf": token} | {f"f{n}": "x" for n in range(1100)})
    assert answer.status_code == 400


async def test_control_characters_are_left_at_the_door_and_the_token_too(pages):
    from .conftest import application, opened

    app = application(pages, (ShortText(code="words", label=Text(fr="Mots")),))
    async with opened(app) as client:
        token = TOKEN.search((await client.get("/fr/formulaire")).text)[1]
        await client.post("/fr/formulaire", data={"_csrf": token, "words": "un\x00 deux\r\ntrois"})
    assert app.state.said == [{"words": "un deux\ntrois"}]


async def test_a_drawn_shape_travels_as_json_and_rubbish_stays_text(pages):
    from .conftest import application, opened

    app = application(pages)
    shape = '{"type":"LineString","coordinates":[[-73.5,45.5],[-73.6,45.6]]}'
    async with opened(app) as client:
        token = TOKEN.search((await client.get("/fr/formulaire")).text)[1]
        await client.post("/fr/formulaire", data={"_csrf": token, "a.geometry": shape, "b.geometry": "{no"})
    assert app.state.said[0]["a"]["geometry"]["type"] == "LineString"
    assert app.state.said[0]["b"]["geometry"] == "{no"


async def test_an_empty_file_box_is_no_file(pages):
    from .conftest import application, opened

    app = application(pages)
    async with opened(app) as client:
        token = TOKEN.search((await client.get("/fr/formulaire")).text)[1]
        files = {"photo": ("", b"", "application/octet-stream")}
        await client.post("/fr/formulaire", data={"_csrf": token}, files=files)
    assert app.state.said == [{"photo": ""}]
