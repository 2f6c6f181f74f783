"""Where and who: places from pins, addresses, words and shapes; people named, confidential or anonymous."""

import msgspec
import pytest
from hypothesis import given
from msgspec import structs

from parvis_sdk.fields import PlaceFact
from parvis_sdk.places import fact_said, read_place
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.request_types import PlaceRule
from parvis_sdk.requesters import read_requester
from parvis_sdk.requests import Place, Requester
from parvis_sdk.testing.hostile import HOSTILE, deep
from parvis_sdk.testing.strategies import hostile_values
from parvis_sdk.text import Text

LINE = {"type": "LineString", "coordinates": [[-73.5, 45.5], [-73.4, 45.6]]}
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [0, 2], [4, 2], [4, 0], [0, 0]]]}


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        ({"lon": "-73,5", "lat": " 45.5 "}, Place(lon=-73.5, lat=45.5)),
        (
            {"lon": -73.123456789, "lat": 45, "address": " 12,  rue A "},
            Place(lon=-73.123457, lat=45.0, address="12, rue A"),
        ),
        ({"lon": "\u221273.5", "lat": "45.5"}, Place(lon=-73.5, lat=45.5)),
        ({"address": "12, rue A"}, Place(address="12, rue A")),
        ({"words": "au coin du parc", "lon": "", "lat": None}, Place(words="au coin du parc")),
        ({"geometry": LINE}, Place(lon=-73.45, lat=45.55, geometry=LINE)),
        ({"geometry": SQUARE}, Place(lon=2.0, lat=1.0, geometry=SQUARE)),
        ({"geometry": {"type": "Point", "coordinates": [1, 2]}}, Place(lon=1.0, lat=2.0)),
    ],
)
def test_a_place_is_read_from_what_people_give(raw, place):
    assert read_place(raw, ("point", "line", "polygon")) == place


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (None, "place_wrong"),
        ("here", "place_wrong"),
        ({}, "place_missing"),
        ({"lon": " ", "address": ""}, "place_missing"),
        ({"lon": 1}, "place_wrong"),
        ({"lon": 181, "lat": 0}, "place_wrong"),
        ({"lon": 0, "lat": -91}, "place_wrong"),
        ({"lon": float("nan"), "lat": 0}, "place_wrong"),
        ({"lon": 10**400, "lat": 0}, "place_wrong"),
        ({"lon": True, "lat": 0}, "place_wrong"),
        ({"lon": "1e1", "lat": 0}, "place_wrong"),
        ({"lon": 1, "lat": 1, "address": "x" * 201}, "place_wrong"),
        ({"words": ["a"]}, "place_wrong"),
        ({"geometry": LINE}, "place_shape"),
        ({"geometry": {"type": "Circle"}}, "place_shape"),
        ({"geometry": {"type": ["Point"]}}, "place_wrong"),
        ({"geometry": {"type": "Point", "coordinates": [[1, 2]]}}, "place_wrong"),
        ({"geometry": {"type": "Point", "coordinates": None}}, "place_wrong"),
        ({"geometry": "POINT(1 2)"}, "place_wrong"),
    ],
)
def test_what_is_no_place_has_a_problem(raw, code):
    result = read_place(raw)
    assert isinstance(result, Problem)
    assert result.code == code


@pytest.mark.parametrize(
    "coordinates",
    [[[0, 0], [0, 1], [0, 0]], [[0, 0], [0, 1], [1, 1], [1, 0]], [], [[0, 0, 0]] * 4, [[[0, 0]]], "x", {"a": 1}],
)
def test_a_polygon_must_be_closed_and_have_an_inside(coordinates):
    raw = {"geometry": {"type": "Polygon", "coordinates": [coordinates]}}
    assert read_place(raw, ("polygon",)).code == "place_wrong"


def test_a_shape_of_endless_points_is_too_much():
    ring = [[0, 0], *([x / 1000, 1] for x in range(1500)), [0, 0]]
    raw = {"geometry": {"type": "Polygon", "coordinates": [ring, ring]}}
    assert read_place(raw, ("polygon",)).code == "too_much"


@given(hostile_values())
def test_nothing_makes_a_place_or_a_person_raise(value):
    msgspec.json.encode(read_place(value, ("point", "line", "polygon")))
    for wrapped in (value, {"lon": value, "lat": value}, {"geometry": value}, {"address": value, "words": value}):
        msgspec.json.encode(read_place(wrapped, ("point", "line", "polygon")))
    for wrapped in (
        value,
        {"mode": value},
        {"mode": "named", "name": value, "email": value, "postal_address": value, "preferred_channel": value},
    ):
        msgspec.json.encode(read_requester(wrapped, ("named", "anonymous"), contact=True))


@pytest.mark.parametrize("kind", [list, dict])
def test_endless_nesting_is_no_exhausted_stack(kind):
    value = deep(5_000, kind)
    assert isinstance(read_place({"lon": value, "lat": value, "geometry": value}), Problem)
    assert isinstance(read_requester({"mode": "named", "name": value}, ("named",), contact=False), Problems)


PERSON = {"mode": "named", "name": " Zoé  L’Écuyer ", "email": "zoe@Exemple.com"}


def codes(raw: object, modes=("named", "anonymous"), *, contact: bool = True) -> list[tuple[str, str]]:
    result = read_requester(raw, modes, contact=contact)
    return [(problem.path, problem.code) for problem in result.found] if isinstance(result, Problems) else []


def test_a_named_person_is_kept_whole():
    assert read_requester(PERSON, ("named",), contact=True) == Requester(name="Zoé L’Écuyer", email="zoe@exemple.com")


def test_an_anonymous_person_keeps_no_name():
    person = read_requester({**PERSON, "mode": "anonymous"}, ("named", "anonymous"), contact=True)
    assert person == Requester(mode="anonymous", email="zoe@exemple.com")


@pytest.mark.parametrize("blank", ["", " ", "\u00a0", "\x00", None])
def test_one_mode_alone_need_not_be_chosen(blank):
    assert read_requester({**PERSON, "mode": blank}, ("confidential",), contact=True).mode == "confidential"


def test_of_several_modes_one_is_chosen():
    assert codes({**PERSON, "mode": ""}) == [("requester.mode", "mode")]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (None, [("requester.mode", "mode")]),
        ("Zoé", [("requester.mode", "mode")]),
        ({"mode": "secret"}, [("requester.mode", "mode")]),
        ({"mode": "named"}, [("requester.name", "required"), ("requester.email", "contact_missing")]),
        ({"mode": "named", "name": "Zoé", "email": "zoe"}, [("requester.email", "email")]),
        ({"mode": "named", "name": "Zoé", "phone": "911"}, [("requester.phone", "phone")]),
        ({**PERSON, "preferred_channel": "pigeon"}, [("requester.preferred_channel", "not_offered")]),
        ({**PERSON, "preferred_channel": "letter"}, [("requester.postal_address", "postal_address_missing")]),
        ({"mode": "named", "name": "Zoé", "postal_address": "12"}, [("requester.postal_address", "postal_short")]),
    ],
)
def test_every_problem_of_a_person_is_told(raw, expected):
    assert codes(raw) == expected


HOME = "4563, rue Saint-Urbain"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (f" {HOME} \r\n\n Parvis (Québec) h2t2v9", f"{HOME}\nParvis (Québec)  H2T 2V9"),
        (f"{HOME}\nParvis QC H2T-2V9\nCANADA", f"{HOME}\nParvis QC  H2T 2V9"),
        (f"{HOME}, app. 3, Parvis (Québec) H2T 2V9", f"{HOME}, app. 3\nParvis (Québec)  H2T 2V9"),
        ("12 rue Principale, Magog, QC J1X 2A4", "12 rue Principale\nMagog, QC  J1X 2A4"),
        ("a/s Ana Roy\nC. P. 5\nMagog", "a/s Ana Roy\nC. P. 5\nMagog"),
        ("R. R. 2\nJ0B1H0", "R. R. 2\nJ0B 1H0"),
        ("10 Downing St\nLondon SW1A 2AA\nRoyaume-Uni", "10 Downing St\nLondon SW1A 2AA\nRoyaume-Uni"),
        ("PO Box 2\nBurlington VT 05401", "PO Box 2\nBurlington VT 05401"),
        ("12, rue Principale\nSainte-Anne app 112", "12, rue Principale\nSainte-Anne app 112"),
    ],
)
def test_the_lines_of_an_envelope_are_kept_with_the_postal_code_as_the_post_reads_it(typed, kept):
    person = read_requester({"mode": "named", "name": "Zoé", "postal_address": typed}, ("named",), contact=True)
    assert person == Requester(name="Zoé", postal_address=kept)
    assert read_requester(msgspec.to_builtins(person) | {"mode": "named"}, ("named",), contact=True) == person


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("12, Magog", "postal_short"),
        (HOME, "postal_short"),
        (" , \n", "postal_short"),
        (f"{HOME}\nMagog QC J1X 2AO", "postal_code"),
        (f"{HOME}\nMagog QC JIX2A4", "postal_code"),
        (f"{HOME}\nMagog D1A 1A1", "postal_code"),
        ("a\nb\nc\nd\ne\nf", "postal_long"),
        (f"{HOME}\n{'x' * 61}", "postal_long"),
        ("x" * 401, "too_long"),
    ],
)
def test_what_no_letter_carrier_can_use_is_said_at_its_question(typed, code):
    assert codes({**PERSON, "postal_address": typed}) == [("requester.postal_address", code)]


def test_contact_is_asked_for_only_where_it_must_be():
    assert codes({"mode": "named", "name": "Zoé"}, contact=False) == []


@pytest.mark.parametrize("raw", HOSTILE, ids=lambda raw: type(raw).__name__)
def test_a_hostile_person_is_answered(raw):
    msgspec.json.encode(read_requester(raw, ("named", "anonymous"), contact=True))


RULE = PlaceRule(assets="lamps", most_assets=2)


@pytest.mark.parametrize(
    ("raw", "assets"),
    [
        ({"assets": ["a", "b"]}, ("a", "b")),
        ({"assets": "a"}, ("a",)),
        ({"assets": ["a", "a", "", " b "]}, ("a", "b")),
        ({"assets": [], "words": "ici"}, ()),
        ({"lon": 1, "lat": 2, "assets": ["a"]}, ("a",)),
    ],
)
def test_things_are_pointed_at_by_their_codes(raw, assets):
    place = RULE.read(raw)
    assert place.assets == assets
    assert tuple(place.as_answer().get("assets", ())) == assets


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ({"assets": ["a", "b", "c"]}, "assets_many"),
        ({"assets": [1]}, "place_wrong"),
        ({"assets": {"a": 1}}, "place_wrong"),
        ({"assets": ["a"] * 500}, "place_wrong"),
        ({"assets": ["x" * 81]}, "place_wrong"),
        ({"assets": []}, "place_missing"),
        ({"assets": ["a"], "lon": "x", "lat": 1}, "place_wrong"),
    ],
)
def test_what_names_no_things_is_refused(raw, code):
    assert RULE.read(raw).code == code


def test_a_rule_without_a_layer_takes_no_things():
    assert PlaceRule().read({"assets": ["a"], "words": "ici"}).assets == ()


def test_words_and_addresses_without_a_point_are_not_enough_where_the_rule_says_so():
    rule = PlaceRule(words=False)
    assert rule.read({"words": "ici"}).code == "place_exact"
    assert rule.read({"address": "12, rue Principale"}).code == "place_exact"
    assert rule.read({"lon": 1, "lat": 2, "words": "ici"}).words == "ici"


def test_the_schema_of_a_place_names_the_things_that_may_be_chosen():
    assert RULE.json_schema()["properties"]["assets"]["maxItems"] == 2
    assert "assets" not in PlaceRule().json_schema()["properties"]


@pytest.mark.parametrize(
    ("value", "fr", "en"),
    [
        (1.5, "1,5", "1.5"),
        (12.0, "12", "12"),
        (1_234_567, "1\u00a0234\u00a0567", "1,234,567"),
        ("H-12", "H-12", "H-12"),
    ],
)
def test_a_fact_of_a_place_is_written_as_each_language_writes_numbers(value, fr, en):
    fact = PlaceFact(code="setback", layer="zoning", name="setback", label=Text(fr="Marge", en="Setback"))
    assert (fact_said(fact, value).fr, fact_said(fact, value).to("en")) == (fr, en)
    metres = structs.replace(fact, unit=Text(fr="mètres", en="metres"))
    assert (fact_said(metres, value).fr, fact_said(metres, value).en) == (f"{fr}\u00a0mètres", f"{en} metres")
