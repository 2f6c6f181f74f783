"""Request types: a whole submission read at once, stored and loaded without the plugin, and described to machines."""

import json
from datetime import date
from random import Random

import msgspec
import pytest
from hypothesis import given
from jsonschema import Draft202012Validator
from msgspec import structs

from parvis_sdk.conditions import Is
from parvis_sdk.fields import Money, Number, PlaceFact, ShortText, YesNo
from parvis_sdk.forms import Form, Section, raw_of, with_facts_of
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import IdentityRule, Message, PlaceRule, ServiceLevel, Submission, dump_type, load_type
from parvis_sdk.schemas import condition_schema
from parvis_sdk.testing import CONDITION_VECTORS, answers_for, submission_for
from parvis_sdk.testing.answers import TODAY
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.testing.strategies import hostile_values, randoms
from parvis_sdk.text import Text

L = Text(fr="Question", en="Question")


@pytest.fixture(scope="module")
def request_type(everything):
    return structs.replace(
        SAMPLE,
        form=everything,
        place=PlaceRule(shapes=("point", "line")),
        service_levels=(
            ServiceLevel(code="fast", title=L, hours=24, when=Is(field="danger", value=True)),
            ServiceLevel(code="usual", title=L, business_days=5),
        ),
        messages=(Message(on="close", subject=L, body=L),),
        occurrence=Form(sections=(Section(code="s", title=L, fields=(YesNo(code="again", label=L),)),)),
    )


@given(randoms())
def test_a_right_submission_is_read_the_same_from_page_and_machine(request_type, random):
    given = submission_for(request_type, random)
    submission = request_type.read(given.native, channel="portal", today=TODAY, attachments=given.attachments)
    assert isinstance(submission, Submission), submission
    assert request_type.read(given.page, channel="portal", today=TODAY, attachments=given.attachments) == submission


@given(hostile_values(), hostile_values())
def test_nothing_that_is_sent_ever_raises(request_type, one, other):
    for raw in (one, {"answers": one, "place": other, "requester": other, "language": one}, {"answers": other}):
        result = request_type.read(raw, channel="api", today=TODAY)
        assert isinstance(result, Problems)
        msgspec.json.encode(result)


def test_every_part_tells_its_problems_at_once(request_type):
    paths = [problem.path for problem in request_type.read({"language": 5}, channel="portal", today=TODAY).found]
    assert [path for path in paths if not path.startswith("answers.")] == ["place", "requester.mode", "language"]
    assert "answers.name" in paths


def test_a_declaration_comes_back_from_storage_as_it_was(request_type):
    stored = dump_type(request_type)
    assert load_type(stored) == request_type
    assert dump_type(load_type(stored)) == stored
    assert dump_type(structs.replace(request_type, keywords=[])) == dump_type(
        structs.replace(request_type, keywords=())
    )
    assert json.loads(stored)["code"] == "sample"


def test_a_declaration_of_tomorrow_with_more_in_it_can_still_be_read(request_type):
    stored = json.loads(dump_type(request_type)) | {"colour": "green"}
    assert load_type(json.dumps(stored)) == request_type


def test_the_promise_is_the_first_that_holds(request_type):
    assert request_type.promise({"danger": True}).code == "fast"
    assert request_type.promise({}).code == "usual"
    assert request_type.message("close").on == "close"
    assert request_type.message("submitted") is None


@pytest.mark.parametrize(("need", "kept"), [("required", "!"), ("optional", None), ("none", None)])
def test_a_place_is_asked_for_as_the_rule_says(need, kept):
    request_type = structs.replace(SAMPLE, place=PlaceRule(need=need), identity=IdentityRule(modes=("anonymous",)))
    result = request_type.read({"place": {"lon": "", "address": ""}}, channel="portal")
    assert (result.found[0].code if kept else result.place) == ("place_missing" if kept else None)


def test_a_place_nobody_asked_for_is_not_kept():
    request_type = structs.replace(SAMPLE, place=PlaceRule(need="none"), identity=IdentityRule(modes=("anonymous",)))
    assert request_type.read({"place": {"lon": 1, "lat": 1}}, channel="portal").place is None


# JSON Schema


@given(randoms())
def test_the_schema_takes_what_the_form_takes(everything, random):
    validator = Draft202012Validator(everything.json_schema("en"), format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert [error.message for error in validator.iter_errors(answers_for(everything, random).native)] == []


def test_the_schema_says_what_the_form_demands(everything):
    schema = everything.json_schema("fr")
    Draft202012Validator.check_schema(schema)
    assert schema["properties"]["name"] == {
        "title": "Nom",
        "type": "string",
        "maxLength": 40,
        "minLength": 2,
        "x-kind": "short_text",
        "x-sensitivity": "internal",
    }
    assert schema["properties"]["permit"]["examples"] == ["AB-1234"]
    assert schema["additionalProperties"] is False
    assert "why" not in schema["required"]
    assert "note" not in schema["properties"]


@pytest.mark.parametrize(
    ("answers", "right"),
    [
        ({"danger": False}, True),
        ({"danger": True}, False),
        ({"danger": True, "trees": 2}, True),
        ({"danger": True, "trees": 5}, False),
        ({"danger": True, "trees": 5, "who": "x"}, True),
    ],
)
def test_conditions_are_told_to_machines_too(answers, right):
    form = Form(
        sections=(
            Section(code="a", title=L, fields=(YesNo(code="danger", label=L),)),
            Section(
                code="b",
                title=L,
                show_when=Is(field="danger", value=True),
                fields=(
                    Number(code="trees", label=L),
                    ShortText(code="who", label=L, required=False, required_when=Is(field="trees", value=5)),
                ),
            ),
        )
    )
    assert Draft202012Validator(form.json_schema()).is_valid(answers) is right
    assert (not isinstance(form.read(answers), Problems)) is right


@pytest.mark.parametrize("vector", CONDITION_VECTORS, ids=lambda vector: vector.name)
def test_a_condition_told_to_machines_holds_when_it_does_for_us(vector):
    schema = condition_schema(vector.condition)
    Draft202012Validator.check_schema(schema)
    assert Draft202012Validator(schema).is_valid(vector.answers) is vector.holds


@given(randoms())
def test_stored_answers_sent_again_are_read_as_they_were(everything, random):
    answers = answers_for(everything, random)
    kept = everything.read(answers.native, today=TODAY, attachments=answers.attachments)
    again = everything.read(raw_of(everything.fields(), kept.answers), today=TODAY, attachments=answers.attachments)
    assert again == kept


def test_what_is_known_of_a_place_is_neither_said_nor_lost_by_who_sends_answers():
    fields = (PlaceFact(code="zone", layer="zoning", name="zone", label=L), ShortText(code="lot", label=L))
    assert with_facts_of(fields, {"lot": "12"}, {"zone": "H-7", "lot": "11"}) == {"zone": "H-7", "lot": "12"}
    assert with_facts_of(fields, {"lot": "12", "zone": "any"}, {"lot": "11"}) == {"lot": "12"}


def test_money_is_described_sent_and_kept_in_whole_cents_whatever_a_page_is_typed_in():
    form = Form(sections=(Section(code="s", title=L, fields=(Money(code="cost", label=L, least=100, most=1010),)),))
    schema = form.json_schema()
    cost = schema["properties"]["cost"]
    assert (cost["minimum"], cost["maximum"], cost["x-unit"], cost["x-currency"]) == (100, 1010, "cents", "CAD")
    assert Draft202012Validator(schema).is_valid({"cost": 110})
    assert not Draft202012Validator(schema).is_valid({"cost": 1.1})
    assert form.read({"cost": 110}).answers == form.read({"cost": "1,10 $"}).answers == {"cost": 110}
    assert form.read({"cost": 1.1}).found[0].code == "cents"


def test_limits_in_days_are_counted_from_the_day_of_the_town(everything):
    answers = answers_for(everything, Random(1), today=date(2026, 1, 1))
    late = everything.read(answers.native, today=date(2027, 1, 1), attachments=answers.attachments)
    assert [problem.code for problem in late.found] == ["too_early"]
