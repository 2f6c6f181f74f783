"""A request that turns out to be of another type takes its answers along by what they mean."""

import importlib

import pytest
from msgspec import structs

from parvis.requests.retyping import carried
from parvis_sdk.fields import PERSONAL, ShortText
from parvis_sdk.forms import Form, Section
from parvis_sdk.text import Text

PLUGINS = ("permits", "complaints", "reports")
TYPES = {
    request_type.code: request_type
    for name in PLUGINS
    for request_type in importlib.import_module(f"parvis_{name}.plugin").request_types()
}
WORDS = "Devant la porte 12"
DAY = "2026-10-01"
FAR = "2031-05-04"

PAIRS = [
    # of one type, what was answered, of the other, what goes along
    ("pothole", {"note": WORDS, "danger": True}, "street_light", {"note": WORDS, "danger": True}),
    ("pothole", {"note": WORDS, "size": "small"}, "graffiti", {"note": WORDS}),
    ("graffiti", {"note": WORDS, "size": "small"}, "pothole", {"note": WORDS}),
    ("pothole", {"note": WORDS}, "construction", {"description": WORDS}),
    ("street_light", {"note": WORDS}, "event", {"description": WORDS}),
    ("street_light", {"danger": False}, "park_equipment", {"danger": False}),
    ("fallen_branch", {"note": WORDS}, "occupation", {"description": WORDS}),
    ("illegal_dumping", {"note": WORDS}, "pothole", {"note": WORDS}),
    ("snowy_sidewalk", {"note": WORDS}, "animal_nuisance", {"description": WORDS}),
    ("missed_collection", {"note": WORDS, "collection_day": DAY}, "service_complaint", {"happened_on": DAY}),
    ("service_complaint", {"happened_on": DAY}, "missed_collection", {"collection_day": DAY}),
    ("noise", {"since": DAY}, "service_complaint", {"happened_on": DAY}),
    ("noise", {"source_address": "12, rue Basse"}, "animal_nuisance", {}),  # better guarded there
    ("animal_nuisance", {"keeper_address": "12, rue Basse"}, "noise", {"source_address": "12, rue Basse"}),
    ("noise", {"spoken": True}, "service_complaint", {"tried": True}),
    ("service_complaint", {"tried": False}, "noise", {"spoken": False}),
    ("occupation", {"starts_on": FAR, "company": "Bo inc."}, "event", {"starts_on": FAR}),
    ("occupation", {"company": "Bo inc."}, "sign", {"business_name": "Bo inc."}),
    ("event", {"starts_on": FAR, "description": WORDS}, "occupation", {"starts_on": FAR, "description": WORDS}),
    ("construction", {"starts_on": FAR}, "tree_felling", {"planned_on": FAR}),
    ("tree_felling", {"planned_on": FAR}, "construction", {"starts_on": FAR}),
    ("construction", {"work_value": "1500.00"}, "sign", {"work_value": 150000}),
]


@pytest.mark.parametrize(("one", "answers", "other", "wanted"), PAIRS)
def test_answers_go_along_by_meaning(one, answers, other, wanted):
    assert carried(TYPES[other], answers, {}, TYPES[one].form.fields()) == wanted


def test_each_meaning_is_asked_by_more_than_one_type_or_keeps_one_code_apart():
    asked = [
        (field.means, field.code, request_type.code)
        for request_type in TYPES.values()
        for field in request_type.form.fields()
    ]
    for means in {means for means, _, _ in asked if means}:
        codes = {code for named, code, _ in asked if named == means}
        types = {request_type for named, _, request_type in asked if named == means}
        shared = any(code in codes and named not in ("", means) for named, code, _ in asked)
        assert len(types) > 1 or shared, means


def form(*fields):
    return Form(sections=(Section(code="s", title=Text(fr="S"), fields=fields),))


def test_what_was_said_under_protection_is_not_carried_to_where_more_people_read_it():
    request_type = TYPES["pothole"]
    open_one = ShortText(code="who", label=Text(fr="Qui"), means="witness", required=False)
    closed = ShortText(code="witness", label=Text(fr="Témoin"), means="witness", required=False, privacy=PERSONAL)
    to_open = structs.replace(request_type, form=form(open_one))
    to_closed = structs.replace(request_type, form=form(closed))
    assert carried(to_open, {"witness": "Yvon"}, {}, [closed]) == {}
    assert carried(to_closed, {"who": "Yvon"}, {}, [open_one]) == {"witness": "Yvon"}
