"""Reading forms: right answers are kept whole by page and by JSON alike, and nothing that is sent ever raises."""

import json
import math
from datetime import date
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis_sdk.fields import (
    PHOTO_KINDS,
    Address,
    Consent,
    Date,
    Email,
    Field,
    File,
    Group,
    LongText,
    Money,
    Number,
    OneOf,
    Option,
    Phone,
    Photo,
    PlaceField,
    SeveralOf,
    ShortText,
    Time,
    YesNo,
)
from parvis_sdk.forms import Form, FormAnswers, Section
from parvis_sdk.problems import Problems
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.requests import Attachment
from parvis_sdk.testing.answers import TODAY, answers_for
from parvis_sdk.testing.hostile import HOSTILE, deep
from parvis_sdk.testing.strategies import hostile_answers, hostile_values, randoms
from parvis_sdk.text import Text

LABEL = Text(fr="Question", en="Question")


def form_of(*fields: Field) -> Form:
    return Form(sections=(Section(code="s", title=LABEL, fields=fields),))


def read(field: Field, raw: object, **reading: object) -> object:
    """The answer kept, or the code of the first problem after an exclamation mark, or None when nothing is kept."""
    result = form_of(field).read({field.code: raw}, **reading)
    if isinstance(result, Problems):
        return f"!{result.found[0].code}"
    return result.answers.get(field.code)


# Right answers


@given(randoms())
def test_a_page_and_a_machine_that_say_the_same_are_read_the_same(everything, random):
    answers = answers_for(everything, random)
    native = everything.read(answers.native, today=TODAY, attachments=answers.attachments)
    page = everything.read(answers.page, today=TODAY, attachments=answers.attachments)
    assert isinstance(native, FormAnswers), native
    assert page == native


@given(randoms())
def test_what_is_kept_is_plain_json_and_reads_back_as_itself(everything, random):
    answers = answers_for(everything, random)
    kept = everything.read(answers.native, today=TODAY, attachments=answers.attachments)
    assert json.loads(json.dumps(kept.answers)) == kept.answers
    assert msgspec.json.decode(msgspec.json.encode(kept.answers)) == kept.answers


@given(randoms())
def test_the_files_that_answers_name_are_the_files_of_the_submission(everything, random):
    answers = answers_for(everything, random)
    kept = everything.read(answers.native, today=TODAY, attachments=answers.attachments)
    assert set(kept.attachments) == set(answers.attachments)


def test_answers_by_chance_meet_every_question_in_time(everything):
    met = set()
    for seed in range(60):
        met |= set(answers_for(everything, Random(seed)).native)
    assert met == {field.code for field in everything.fields()} - {"note"}


# Hostile ones


@given(st.data())
def test_nothing_that_is_sent_ever_raises(everything, data):
    result = everything.read(data.draw(hostile_answers(everything)), today=TODAY)
    assert isinstance(result, Problems)
    msgspec.json.encode(result)


@given(hostile_values())
def test_no_value_makes_any_kind_of_question_raise(everything, value):
    for field in everything.fields():
        result = form_of(field).read({field.code: value}, today=TODAY)
        msgspec.json.encode(result)


METRES = Text(fr="m", en="m")


@pytest.mark.parametrize("raw", HOSTILE, ids=lambda raw: repr(type(raw).__name__))
def test_a_submission_that_is_no_submission_is_a_problem(everything, raw):
    result = everything.read(raw, today=TODAY)
    assert isinstance(result, Problems)
    msgspec.json.encode(result)


@pytest.mark.parametrize("kind", [list, dict])
@pytest.mark.parametrize("levels", [5, 50, 950, 20_000])
def test_endless_nesting_is_a_problem_and_no_exhausted_stack(everything, levels, kind):
    value = deep(levels, kind)
    for field in everything.fields():
        form_of(field).read({field.code: value}, today=TODAY)


def test_a_thousand_unknown_questions_get_a_few_answers(everything):
    result = everything.read({f"x{number}": 1 for number in range(1000)}, today=TODAY)
    assert 0 < len([each for each in result.found if each.code == "unknown"]) <= 20


def test_every_problem_is_told_at_once_in_the_order_of_the_form(everything):
    found = everything.read({}, today=TODAY).found
    assert [each.path for each in found] == ["name", "permit", "story", "trees", "day", "danger", "size", "kinds"]
    assert {each.code for each in found} == {"required", "choose"}


# Kind by kind

SHORT = ShortText(code="q", label=LABEL, min_length=2, max_length=5)
OPTIONS = tuple(Option(code=code, label=LABEL) for code in ("a", "b", "c"))


@pytest.mark.parametrize(
    ("field", "raw", "kept"),
    [
        (SHORT, "  é \n é ", "é é"),
        (SHORT, "e\u0301e\u0301", "éé"),
        (SHORT, "a\x00b", "ab"),
        (SHORT, "a", "!too_short"),
        (SHORT, "abcdef", "!too_long"),
        (SHORT, 12, "!wrong_kind"),
        (SHORT, "\x00\x00\x00", "!required"),
        (ShortText(code="q", label=LABEL, pattern="[A-Z]{2}"), "AB", "AB"),
        (ShortText(code="q", label=LABEL, pattern="[A-Z]{2}"), "ABC", "!pattern"),
        (LongText(code="q", label=LABEL), "a\r\nb ", "a\nb"),
        (Email(code="q", label=LABEL), " Marie.O'Neil@Ville.EXAMPLE ", "Marie.O'Neil@ville.example"),
        (Email(code="q", label=LABEL), "marie@ville", "!email"),
        (Email(code="q", label=LABEL), "a@b.ca, c@d.ca", "!email"),
        (Email(code="q", label=LABEL), "a@b.ca\nBcc: all@b.ca", "!email"),
        (Email(code="q", label=LABEL), "a" * 250 + "@b.ca", "!email"),
        (Phone(code="q", label=LABEL), "(450) 555-0199", "+14505550199"),
        (Phone(code="q", label=LABEL), "+33 1 23 45 67 89", "+33123456789"),
        (Phone(code="q", label=LABEL), "12", "!phone"),
        (Phone(code="q", label=LABEL), "450 555-0199" + " " * 20 + "1" * 50, "!phone"),
        (Number(code="q", label=LABEL), "12", 12),
        (Number(code="q", label=LABEL), "1\u00a0234", 1234),
        (Number(code="q", label=LABEL), 12.0, 12),
        (Number(code="q", label=LABEL), 12.5, "!whole_number"),
        (Number(code="q", label=LABEL), True, "!number"),
        (Number(code="q", label=LABEL), "1e3", "!number"),
        (Number(code="q", label=LABEL), "٣", "!number"),
        (Number(code="q", label=LABEL), math.nan, "!number"),
        (Number(code="q", label=LABEL), 10**400, "!too_large"),
        (Number(code="q", label=LABEL), -(10**18), "!too_small"),
        (Number(code="q", label=LABEL, decimals=2), 1e300, "!too_large"),
        (Number(code="q", label=LABEL), "1 000 000 000 000", 10**12),
        (Number(code="q", label=LABEL), "1 000 000 000 001", "!too_large"),
        (Number(code="q", label=LABEL, most=10**13), "1 000 000 000 001", 10**12 + 1),
        (Number(code="q", label=LABEL, least=0.5, most=2, decimals=1), "1,5", 1.5),
        (Number(code="q", label=LABEL, least=0.5, most=2, decimals=1), "1.55", "!decimals"),
        (Number(code="q", label=LABEL, least=0.5, most=2, decimals=1), 0.4, "!too_small"),
        (Number(code="q", label=LABEL, least=0.5, most=2, decimals=1), "2,1", "!too_large"),
        (Money(code="q", label=LABEL), "1\u00a0234,56\u00a0$", 123456),
        (Money(code="q", label=LABEL), "1,234.56", 123456),
        (Money(code="q", label=LABEL), 1210, 1210),
        (Money(code="q", label=LABEL), 12.1, "!cents"),
        (Money(code="q", label=LABEL), 12.0, "!cents"),
        (Money(code="q", label=LABEL), True, "!cents"),
        (Money(code="q", label=LABEL), "0,29", 29),
        (Money(code="q", label=LABEL), 99, 99),
        (Money(code="q", label=LABEL, least=100), 99, "!too_small"),
        (Money(code="q", label=LABEL), "1.005", "!money"),
        (Money(code="q", label=LABEL), "-1", "!too_small"),
        (Money(code="q", label=LABEL, most=100), "1,01", "!too_large"),
        (Money(code="q", label=LABEL), "10 000 000 000,00 $", 10**12),
        (Money(code="q", label=LABEL), "10 000 000 000,01 $", "!too_large"),
        (Money(code="q", label=LABEL), "10,000,000,000,000,000.00", "!too_large"),
        (Money(code="q", label=LABEL), "9" * 40, "!too_large"),
        (Money(code="q", label=LABEL), 10**18, "!too_large"),
        (Money(code="q", label=LABEL, least=None), -(10**18), "!too_small"),
        (Date(code="q", label=LABEL), {"year": "2026", "month": "2", "day": "28"}, "2026-02-28"),
        (Date(code="q", label=LABEL), {"year": 2026, "month": 2, "day": 28}, "2026-02-28"),
        (Date(code="q", label=LABEL), "2026-02-30", "!date"),
        (Date(code="q", label=LABEL), "1812-01-01", "!date"),
        (Date(code="q", label=LABEL), {"year": "2026"}, "!date"),
        (Date(code="q", label=LABEL), "9999-12-31", "!date"),
        (Date(code="q", label=LABEL), {"year": 10**5000, "month": 1, "day": 1}, "!date"),
        (Date(code="q", label=LABEL, latest=0), "2026-06-15", "2026-06-15"),
        (Date(code="q", label=LABEL, latest=0), "2026-06-16", "!too_late"),
        (Date(code="q", label=LABEL, earliest=-1), "2026-06-13", "!too_early"),
        (Time(code="q", label=LABEL), "9 h", "09:00"),
        (Time(code="q", label=LABEL), "23:59", "23:59"),
        (Time(code="q", label=LABEL), "24:00", "!time"),
        (YesNo(code="q", label=LABEL), "non", False),
        (YesNo(code="q", label=LABEL), False, False),
        (YesNo(code="q", label=LABEL), "maybe", "!choose"),
        (YesNo(code="q", label=LABEL), 1, "!choose"),
        (Consent(code="q", label=LABEL, statement=LABEL), "on", True),
        (Consent(code="q", label=LABEL, statement=LABEL), False, "!agree"),
        (Consent(code="q", label=LABEL, statement=LABEL, required=False), "no", False),
        (OneOf(code="q", label=LABEL, options=OPTIONS), " a ", "a"),
        (OneOf(code="q", label=LABEL, options=OPTIONS), "z", "!not_offered"),
        (OneOf(code="q", label=LABEL, options=OPTIONS), ["a"], "!not_offered"),
        (SeveralOf(code="q", label=LABEL, options=OPTIONS), ["c", "a", "a"], ["a", "c"]),
        (SeveralOf(code="q", label=LABEL, options=OPTIONS), "b", ["b"]),
        (SeveralOf(code="q", label=LABEL, options=OPTIONS), ["a", "z"], "!not_offered"),
        (SeveralOf(code="q", label=LABEL, options=OPTIONS, least=2), ["a"], "!too_few"),
        (SeveralOf(code="q", label=LABEL, options=OPTIONS, most=1), ["a", "b"], "!too_many"),
        (Address(code="q", label=LABEL), " 12,  rue A ", "12, rue A"),
        (PlaceField(code="q", label=LABEL), {"lon": "-73,5", "lat": "45.5"}, {"lon": -73.5, "lat": 45.5}),
        (PlaceField(code="q", label=LABEL), {"words": "au coin"}, {"words": "au coin"}),
        (PlaceField(code="q", label=LABEL), {"lon": "200", "lat": "45.5"}, "!place_wrong"),
        (PlaceField(code="q", label=LABEL), "here", "!place_wrong"),
        (
            PlaceField(code="q", label=LABEL),
            {"geometry": {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}},
            "!place_shape",
        ),
    ],
)
def test_each_kind_reads_what_people_type(field, raw, kept):
    assert read(field, raw, today=date(2026, 6, 15)) == kept


def test_an_optional_question_left_empty_keeps_nothing():
    assert read(ShortText(code="q", label=LABEL, required=False), "   ") is None
    assert read(Number(code="q", label=LABEL, required=False), "") is None


PLAN = File(code="q", label=LABEL, kinds=PHOTO_KINDS, max_size=1_000_000, most=2)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (["a"], ["a"]),
        ("a", ["a"]),
        (["a", "a"], ["a"]),
        (["gone"], "!file_missing"),
        (["pdf"], "!file_kind"),
        (["big"], "!file_size"),
        (["a", "b", "c"], "!too_many"),
        ([], "!attach"),
        ([1], "!wrong_kind"),
    ],
)
def test_files_must_have_been_received_and_be_of_the_right_kind_and_size(raw, kept):
    files = {
        "a": Attachment(id="a", name="a.jpg", kind="image/jpeg", size=10),
        "pdf": Attachment(id="pdf", name="a.pdf", kind="application/pdf", size=10),
        "big": Attachment(id="big", name="b.jpg", kind="image/jpeg", size=1_000_001),
    }
    assert read(PLAN, raw, attachments=files) == kept


# Groups

LAMPS = Group(
    code="lamps",
    label=LABEL,
    item=LABEL,
    least=2,
    most=3,
    fields=(ShortText(code="post", label=LABEL, max_length=4), YesNo(code="lit", label=LABEL, required=False)),
)


def test_a_problem_in_a_group_names_the_row_as_the_page_numbered_it():
    raw = {"lamps": {"10": {"post": "much too long"}, "0": {"post": "a"}, "2": {"post": "b"}, "3": {"post": ""}}}
    (problem,) = form_of(LAMPS).read(raw).found
    assert (problem.path, problem.code) == ("lamps.10.post", "too_long")


def test_rows_are_kept_in_the_order_of_their_numbers_and_empty_ones_are_dropped():
    raw = {"lamps": {"10": {"post": "c"}, "2": {"post": "b", "lit": "oui"}, "1": {"post": " "}}}
    assert form_of(LAMPS).read(raw).answers == {"lamps": [{"post": "b", "lit": True}, {"post": "c"}]}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("x", "wrong_kind"),
        ([], "required"),
        ([{"post": "a"}], "too_few"),
        ([{"post": "a"}] * 4, "too_many"),
        (["a", "b"], "wrong_kind"),
        ([{"post": "a"}, {"post": "b", "extra": 1}], "unknown"),
    ],
)
def test_a_group_of_the_wrong_size_or_shape_is_a_problem(raw, code):
    assert form_of(LAMPS).read({"lamps": raw}).found[0].code == code


# Hidden questions


def test_answers_to_hidden_questions_are_dropped_and_not_judged(everything):
    answers = answers_for(everything, Random(3))
    raw = {**answers.native, "size": "small", "kinds": ["large"], "why": "x" * 10_000}
    result = everything.read(raw, today=TODAY, attachments=answers.attachments)
    found = result.found if isinstance(result, Problems) else ()
    assert not any(problem.path == "why" for problem in found)
    assert isinstance(result, Problems) or "why" not in result.answers


def test_a_question_may_be_required_by_an_earlier_answer(everything):
    raw = {"danger": True, "trees": 10}
    assert any(each.path == "help" for each in everything.read(raw, today=TODAY).found)
    raw = {"danger": True, "trees": 9}
    assert not any(each.path == "help" for each in everything.read(raw, today=TODAY).found)


def test_characters_that_no_page_sends_on_are_left_out_of_every_kind_of_answer():
    form = form_of(
        OneOf(code="size", label=Text(fr="Taille"), options=(Option(code="small", label=Text(fr="Petit")),)),
        SeveralOf(code="kinds", label=Text(fr="Genres"), options=(Option(code="dog", label=Text(fr="Chien")),)),
        Date(code="day", label=Text(fr="Jour")),
        Photo(code="photos", label=Text(fr="Photos"), required=False),
    )
    raw = {"size": "small\x00", "kinds": ["\x00dog"], "day": {"year": "2026\x00", "month": "6", "day": "1"}}
    result = form.read({**raw, "photos": "\x00"})
    assert result == form.read({"size": "small", "kinds": ["dog"], "day": "2026-06-01"})
    assert isinstance(result, FormAnswers)


@pytest.mark.parametrize(
    ("field", "raw", "fr", "en"),
    [
        (Number(code="q", label=LABEL, least=0.5, decimals=1), 0.4, "d’au moins 0,5.", "be 0.5 or more."),
        (Number(code="q", label=LABEL, most=2.25, decimals=2), 3, "d’au plus 2,25.", "be 2.25 or less."),
        (Number(code="q", label=LABEL, most=50_000), 50_001, "d’au plus 50\u00a0000.", "be 50,000 or less."),
        (Number(code="q", label=LABEL, most=200.0), 201, "d’au plus 200.", "be 200 or less."),
        (
            Number(code="q", label=LABEL, most=2.5, decimals=1, unit=METRES),
            3,
            "d’au plus 2,5\u00a0m.",
            "be 2.5 m or less.",
        ),
        (Number(code="q", label=LABEL, decimals=1), 0.25, "\u00a0: 1\u00a0décimale au plus.", "at most 1 decimal."),
        (Number(code="q", label=LABEL, decimals=2), 0.125, "2\u00a0décimales au plus.", "at most 2 decimals."),
        (ShortText(code="q", label=LABEL, min_length=2), "a", "au moins 2\u00a0caractères.", "at least 2 characters."),
        (Money(code="q", label=LABEL, least=50), 49, "d’au moins 0,50\u00a0$.", "be $0.50 or more."),
        (
            Money(code="q", label=LABEL, most=1_000_000),
            "10 000,01",
            "d’au plus 10\u00a0000\u00a0$.",
            "be $10,000 or less.",
        ),
    ],
)
def test_a_limit_is_written_as_each_language_writes_numbers(field, raw, fr, en):
    """Nobody in Québec writes 0.5: the sentence about it must not either."""
    (problem,) = read_value(field, raw, "q", Reading(), {}).found
    assert problem.message.fr.endswith(fr)
    assert problem.message.en.endswith(en)
