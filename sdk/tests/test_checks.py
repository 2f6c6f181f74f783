"""Checks: what an answer must be beside those before it and beside today, in the author's own sentence."""

from datetime import date
from random import Random

from msgspec import structs

from parvis_sdk.conditions import TODAY, AtLeast, AtMost, Is, NotBefore
from parvis_sdk.fields import Check, Date, Group, Money, Number, OneOf, Option, ShortText
from parvis_sdk.forms import Form, Section
from parvis_sdk.problems import Problems
from parvis_sdk.requests import Phase
from parvis_sdk.testing.answers import answers_for
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Transition, Workflow, move

L = Text(fr="Quoi", en="What")
DAY = date(2026, 6, 1)
AFTER = Check(
    must=NotBefore(field="last", other="first"),
    says=Text(fr="La fin ne peut pas précéder le {first}.", en="The end cannot be before {first}."),
)
AHEAD = Check(
    must=NotBefore(field="first", other=TODAY, days=14),
    says=Text(fr="Demandez-le deux semaines d’avance.", en="Ask two weeks ahead."),
)
FIRST = Date(code="first", label=L, checks=(AHEAD,))
LAST = Date(code="last", label=L, required=False, checks=(AFTER,))


def form(*fields):
    return Form(sections=(Section(code="s", title=L, fields=fields),))


def said(read, language="fr"):
    return [(each.path, each.code, each.message.to(language)) for each in read.found]


def test_an_end_before_the_beginning_is_refused_in_the_authors_words():
    read = form(FIRST, LAST).read({"first": "2026-08-01", "last": "2026-07-31"}, today=DAY)
    assert said(read) == [("last", "check", "La fin ne peut pas précéder le 1er août 2026.")]
    assert said(read, "en") == [("last", "check", "The end cannot be before August 1, 2026.")]
    right = form(FIRST, LAST).read({"first": "2026-08-01", "last": "2026-08-01"}, today=DAY)
    assert right.answers == {"first": "2026-08-01", "last": "2026-08-01"}


def test_a_check_waits_for_everything_it_looks_at():
    assert not isinstance(form(FIRST, LAST).read({"first": "2026-08-01"}, today=DAY), Problems)
    optional = Date(code="first", label=L, required=False)
    assert not isinstance(form(optional, LAST).read({"last": "2020-01-01"}, today=DAY), Problems)
    assert [each.path for each in form(FIRST, LAST).read({"last": "2020-01-01"}, today=DAY).found] == ["first"]


def test_a_day_is_compared_with_the_day_of_the_town():
    for day, code in (("2026-06-14", ["check"]), ("2026-06-15", [])):
        read = form(FIRST).read({"first": day}, today=DAY)
        assert [each.code for each in getattr(read, "found", ())] == code
    assert not isinstance(form(FIRST).read({"first": "2026-06-02"}), Problems)  # nobody says what day it is


def test_the_past_of_another_system_is_not_judged():
    past = {"first": "1999-08-01", "last": "1999-07-31"}
    assert form(FIRST, LAST).read(past, complete=False).answers == past
    assert isinstance(form(FIRST, LAST).read(past, complete=False, today=DAY), Problems)


def test_each_row_of_a_group_is_checked_at_its_own_place():
    group = Group(code="rows", label=L, item=L, fields=(FIRST, LAST))
    rows = [{"first": "2026-08-01", "last": "2026-08-02"}, {"first": "2026-08-01", "last": "2026-07-01"}]
    assert [each.path for each in form(group).read({"rows": rows}, today=DAY).found] == ["rows.1.last"]


def test_a_move_is_checked_beside_what_the_request_was_answered():
    again = Transition(code="go", title=L, sources=("a",), target="a", asks=form(LAST))
    workflow = Workflow(states=(State(code="a", title=L, phase=Phase.RECEIVED),), transitions=(again,))
    given = {"last": "2026-07-01"}
    refused = move(workflow, "a", "go", "agent", given, beside={"first": "2026-08-01"}, today=DAY)
    assert said(refused) == [("last", "check", "La fin ne peut pas précéder le 1er août 2026.")]
    assert not isinstance(move(workflow, "a", "go", "agent", given, beside={"first": "2026-06-30"}), Problems)
    unasked = "the condition looks at 'first', which is not asked before it"
    assert unasked in [mistake.what for mistake in workflow.mistakes()]
    assert unasked not in [mistake.what for mistake in workflow.mistakes((FIRST,))]


def test_machines_read_the_sentences_of_checks():
    assert form(FIRST, LAST).json_schema("en")["properties"]["last"]["x-checks"] == [
        "The end cannot be before {first}."
    ]


def test_right_answers_made_by_chance_pass_the_checks():
    for seed in range(60):
        made = answers_for(form(FIRST, LAST), Random(seed), today=DAY)
        assert not isinstance(form(FIRST, LAST).read(made.page, today=DAY), Problems)


def test_the_mistakes_of_an_author_are_told():
    size = OneOf(code="size", label=L, options=(Option(code="big", label=L),))
    words = ShortText(code="words", label=L)

    def mistakes(*fields):
        return [mistake.what for mistake in form(*fields).mistakes()]

    def checked(must):
        return Date(code="last", label=L, checks=(Check(must=must, says=L),))

    assert mistakes(FIRST, LAST) == []
    assert mistakes(LAST) == ["the condition looks at 'first', which is not asked before it"]
    assert mistakes(words, checked(NotBefore(field="last", other="words"))) == ["'words' is no date"]
    assert mistakes(size, checked(Is(field="size", value="big"))) == ["its check does not look at 'last'"]
    hidden = Date(code="last", label=L, show_when=NotBefore(field="first", other=TODAY))
    assert mistakes(FIRST, hidden) == ["the condition looks at today, and would turn out otherwise tomorrow"]


AREA = Number(code="area", label=L, unit=Text(fr="m²", en="m²"), least=0, most=5000)
BUILT = Number(code="built", label=L, unit=Text(fr="m²", en="m²"), least=0, most=5000)
HALF = Check(
    must=AtMost(field="built", other="area", times=0.4, value=10),
    says=Text(fr="Au plus 40 % de {area}, plus 10 m².", en="At most 40% of {area}, and 10 m²."),
)
PAID = Money(code="paid", label=L)
COVERED = Check(must=AtLeast(field="covered", other="paid"), says=Text(fr="Au moins {paid}, pas {covered}."))


def test_a_number_is_compared_with_that_of_another_question():
    asked = form(AREA, structs.replace(BUILT, checks=(HALF,)))
    read = asked.read({"area": "1 200", "built": "490,0"})
    assert not isinstance(read, Problems)
    read = asked.read({"area": 1200, "built": 491})
    assert said(read) == [("built", "check", "Au plus 40 % de 1\u00a0200\u00a0m², plus 10 m².")]
    assert said(read, "en") == [("built", "check", "At most 40% of 1,200\u00a0m², and 10 m².")]
    assert [each.path for each in asked.read({"built": 491}).found] == ["area"]  # a check waits for what it looks at


def test_amounts_are_compared_and_named_as_amounts():
    covered = Money(code="covered", label=L, checks=(COVERED,))
    read = form(PAID, covered).read({"paid": "1500,50", "covered": "1500"})
    assert said(read) == [("covered", "check", "Au moins 1\u00a0500,50\u00a0$, pas 1\u00a0500\u00a0$.")]
    assert not isinstance(form(PAID, covered).read({"paid": 150050, "covered": 150050}), Problems)


def test_a_move_names_the_amount_that_the_request_was_answered():
    covered = Money(code="covered", label=L, checks=(COVERED,))
    again = Transition(code="go", title=L, sources=("a",), target="a", asks=form(covered))
    workflow = Workflow(states=(State(code="a", title=L, phase=Phase.RECEIVED),), transitions=(again,))
    refused = move(workflow, "a", "go", "agent", {"covered": 1}, beside={"paid": 20000}, asked=(PAID,))
    assert said(refused) == [("covered", "check", "Au moins 200\u00a0$, pas 0,01\u00a0$.")]


def test_right_numbers_made_by_chance_pass_the_checks():
    for seed in range(60):
        asked = form(
            AREA, structs.replace(BUILT, checks=(HALF,)), PAID, Money(code="covered", label=L, checks=(COVERED,))
        )
        made = answers_for(asked, Random(seed), today=DAY)
        assert not isinstance(asked.read(made.page, today=DAY), Problems)


def test_what_compares_unlike_things_is_a_mistake():
    words = ShortText(code="words", label=L)
    people = Number(code="people", label=L)

    def told(must, *before):
        field = structs.replace(BUILT, checks=(Check(must=must, says=L),))
        return [
            mistake.what.to("en") if isinstance(mistake.what, Text) else mistake.what
            for mistake in form(*before, field).mistakes()
        ]

    assert told(AtMost(field="built", other="area"), AREA) == []
    assert told(AtMost(field="built", other="words"), words) == ["'words' never answers a number"]
    assert told(AtMost(field="built", other="people"), people) == ["'built' (m²) and 'people' (no unit) do not compare"]
    assert told(AtMost(field="built", other="people", times=20), people) == []
    assert told(AtMost(field="built", other="paid"), PAID) == ["'built' (m²) and 'paid' (CAD) do not compare"]
    assert told(AtMost(field="built", other="built")) == ["'built' is compared with itself"]
    assert told(AtMost(field="built")) == ["'built' is compared with nothing"]
    assert told(AtMost(field="built", other="later")) == [
        "the condition looks at 'later', which is not asked before it"
    ]


def test_no_schema_says_what_two_answers_must_be():
    told = form(AREA, structs.replace(BUILT, required=False, required_when=AtLeast(field="area", other="area")))
    assert "allOf" not in told.json_schema()
