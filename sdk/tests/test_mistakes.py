"""Authors' mistakes in forms and request types, each said whole, all at once."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec import structs

from parvis_sdk.conditions import Answered, AtLeast, Includes, Is
from parvis_sdk.errors import DeclarationError
from parvis_sdk.fees import Fee
from parvis_sdk.fields import (
    Consent,
    Date,
    Field,
    File,
    Group,
    Information,
    Money,
    Number,
    OneOf,
    Option,
    SeveralOf,
    ShortText,
    YesNo,
)
from parvis_sdk.forms import Form, Section
from parvis_sdk.obligations import Obligation
from parvis_sdk.parts import Part
from parvis_sdk.request_types import IdentityRule, Message, PlaceRule, RequestType, Retention, ServiceLevel
from parvis_sdk.tariffs import Fixed, Tariff
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.text import Text
from parvis_sdk.validity import Validity
from parvis_sdk.workflow import reason_form

L = Text(fr="Question", en="Question")
A, B = Option(code="a", label=L), Option(code="b", label=L)
EMPTY = Text(fr="")
OUT = "the plugin is left out"
FRENCH = f"the French text is empty · {OUT} · write it: French is always complete"
CODE = f"{OUT} · use lowercase letters, digits and _, starting with a letter, 60 at most"


def mistakes_of(*fields: Field) -> list[str]:
    form = Form(sections=(Section(code="s", title=L, fields=fields),))
    return [str(mistake) for mistake in form.mistakes()]


ASKED = YesNo(code="danger", label=L)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ((ShortText(code="Nom", label=L),), [f"field 'Nom' · 'Nom' cannot be a code · {CODE}"]),
        ((ShortText(code="", label=L),), [f"field '' · '' cannot be a code · {CODE}"]),
        ((ShortText(code="a", label=EMPTY),), [f"field 'a' · label · {FRENCH}"]),
        ((ShortText(code="a", label=L, help=EMPTY),), [f"field 'a' · help · {FRENCH}"]),
        (
            (ShortText(code="a", label=L, pattern="["),),
            [
                "field 'a' · the pattern is no regular expression: unterminated character set at position 0"
                f" · {OUT} · correct the pattern"
            ],
        ),
        (
            (ShortText(code="a", label=L, min_length=9, max_length=3),),
            [f"field 'a' · min_length 9 is above max_length 3 · {OUT} · swap or correct them"],
        ),
        (
            (Number(code="a", label=L, least=9, most=3),),
            [f"field 'a' · least 9 is above most 3 · {OUT} · swap or correct them"],
        ),
        (
            (Date(code="a", label=L, earliest=1, latest=0),),
            [f"field 'a' · earliest 1 is above latest 0 · {OUT} · swap or correct them"],
        ),
        (
            (OneOf(code="a", label=L, options=()),),
            [f"field 'a' · no answer is offered · {OUT} · add at least one option"],
        ),
        (
            (OneOf(code="a", label=L, options=(A, A)),),
            [f"field 'a' · two options have the code 'a' · {OUT} · give each its own code"],
        ),
        (
            (SeveralOf(code="a", label=L, options=(A, B), least=3),),
            [f"field 'a' · least 3 is above the number of options, 2 · {OUT} · lower it or offer more"],
        ),
        (
            (File(code="a", label=L, kinds=()),),
            [f"field 'a' · no kind of file is accepted · {OUT} · name at least one media type"],
        ),
        ((Consent(code="a", label=L, statement=EMPTY),), [f"field 'a' · statement · {FRENCH}"]),
        ((Information(code="a", label=L, body=EMPTY),), [f"field 'a' · body · {FRENCH}"]),
        ((ASKED, ASKED), [f"field 'danger' · two questions have this code · {OUT} · give each its own code"]),
        (
            (Group(code="g", label=L, item=L, fields=()),),
            [f"field 'g' · the group asks nothing · {OUT} · add at least one question"],
        ),
        (
            (Group(code="g", label=L, item=L, fields=(Group(code="h", label=L, item=L, fields=(ASKED,)),)),),
            [f"field 'g' · field 'h' · a group stands in a group · {OUT} · make it flat"],
        ),
        (
            (ASKED, Group(code="g", label=L, item=L, fields=(ASKED,))),
            [f"field 'g' · field 'danger' · two questions have this code · {OUT} · give each its own code"],
        ),
        (
            (ShortText(code="a", label=L, show_when=Is(field="later", value=True)), YesNo(code="later", label=L)),
            [
                "field 'a' · show_when · the condition looks at 'later', which is not asked before it"
                f" · {OUT} · ask 'later' earlier, or correct its code"
            ],
        ),
        (
            (
                OneOf(code="size", label=L, options=(A, B)),
                ShortText(code="x", label=L, show_when=Is(field="size", value="c")),
            ),
            [f"field 'x' · show_when · 'size' never answers 'c' · {OUT} · compare with one of a, b"],
        ),
        (
            (
                SeveralOf(code="size", label=L, options=(A, B)),
                ShortText(code="x", label=L, required=False, required_when=Includes(field="size", value="c")),
            ),
            [f"field 'x' · required_when · 'size' never answers 'c' · {OUT} · compare with one of a, b"],
        ),
        (
            (Information(code="note", label=L, body=L), ShortText(code="x", label=L, show_when=Answered(field="note"))),
            [
                "field 'x' · show_when · the condition looks at 'note', which is not asked before it"
                f" · {OUT} · ask 'note' earlier, or correct its code"
            ],
        ),
    ],
)
def test_each_mistake_in_a_question_is_said_whole(fields, expected):
    assert mistakes_of(*fields) == expected


def test_two_sections_with_one_code_are_a_mistake():
    section = Section(code="s", title=L, fields=())
    (mistake,) = Form(sections=(section, section)).mistakes()
    assert str(mistake) == f"section 's' · two sections have this code · {OUT} · give each its own code"


LEVEL = ServiceLevel(code="usual", title=L, business_days=5)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"code": "Nid-de-poule"}, [f"code · 'Nid-de-poule' cannot be a code · {CODE}"]),
        ({"version": 0}, [f"version · 0 is no version · {OUT} · count from 1"]),
        ({"title": EMPTY}, [f"title · {FRENCH}"]),
        (
            {"slug": Text(fr="Nid de poule", en="pothole")},
            [
                f"slug · 'Nid de poule' cannot stand in an address · {OUT}"
                " · use small letters without accents, digits and single hyphens"
            ],
        ),
        (
            {"identity": IdentityRule(modes=())},
            [f"identity · no way to present oneself is offered · {OUT} · name at least one mode"],
        ),
        (
            {"place": PlaceRule(assets="lamps", most_assets=0, shapes=("line",))},
            [
                f"place · nothing of its layer may be chosen · {OUT} · allow one thing or more",
                f"place · things are points, and it takes none · {OUT} · add 'point' to its shapes",
            ],
        ),
        ({"retention": Retention(days=0)}, [f"retention · 0 days is no time · {OUT} · give a day or more"]),
        (
            {"service_levels": (structs.replace(LEVEL, hours=3),)},
            [
                f"service level 'usual' · it must give exactly one delay · {OUT}"
                " · give business_days, business_hours or hours"
            ],
        ),
        (
            {"service_levels": (LEVEL, structs.replace(LEVEL, code="fast"))},
            [
                f"service level 'usual' · it always holds, so those after it never will"
                f" · {OUT} · put it last or give it a condition"
            ],
        ),
        (
            {"service_levels": (structs.replace(LEVEL, when=AtLeast(field="trees", value=3)),)},
            [
                "service level 'usual' · when · the condition looks at 'trees', which is not asked before it"
                f" · {OUT} · ask 'trees' earlier, or correct its code"
            ],
        ),
        (
            {"messages": (Message(on="explode", subject=L, body=L),)},
            [
                f"message on 'explode' · nothing of that name happens"
                f" · {OUT} · use one of close, replied, rescheduled, retyped, submitted, withdrawn"
            ],
        ),
        (
            {"messages": (Message(on="close", subject=L, body=Text(fr="Le {jour}", en="On {day}")),)},
            [
                f"message on 'close' · body · nothing fills in {{{name}}} · {OUT}"
                " · use reference, type, state, place, promised, reason, town, link"
                for name in ("jour", "day")
            ],
        ),
        (
            {"occurrence": Form(sections=(Section(code="S", title=L, fields=()),))},
            [f"occurrence · section 'S' · 'S' cannot be a code · {CODE}"],
        ),
    ],
)
def test_each_mistake_in_a_request_type_is_said_whole(changes, expected):
    request_type = structs.replace(SAMPLE, **changes)
    assert [str(mistake) for mistake in request_type.mistakes()] == [
        f"request type {request_type.code!r} · {each}" for each in expected
    ]


def test_the_answers_to_a_transition_may_be_said_in_its_message():
    flow = SAMPLE.workflow
    asking = structs.replace(flow, transitions=(structs.replace(flow.transitions[0], asks=reason_form()),))
    said = Message(on="close", subject=L, body=Text(fr="{reason} {reference}", en="{reason} {reference}"))
    assert structs.replace(SAMPLE, workflow=asking, messages=(said,)).mistakes() == ()


def test_checking_raises_every_mistake_at_once():
    with pytest.raises(DeclarationError) as caught:
        structs.replace(SAMPLE, version=0, retention=Retention(days=-1)).check()
    assert len(caught.value.mistakes) == 2
    assert str(caught.value).count("\n") == 1
    SAMPLE.check()


def test_a_request_type_without_mistakes_is_the_same_after_storage():
    assert isinstance(SAMPLE, RequestType)
    assert SAMPLE.promise({}) is None
    assert structs.replace(SAMPLE, service_levels=(LEVEL,)).promise({}) == LEVEL


DAY, CHOICE = Date(code="day", label=L), SeveralOf(code="extras", label=L, options=(A, B))
DEMANDS = Group(code="conditions", label=L, item=L, fields=(ShortText(code="demand", label=L),))


def mistakes_with(
    *, asked: tuple[Field, ...] = (), moving: tuple[Field, ...] = (), parts: tuple[Part, ...] = ()
) -> list[str]:
    """Mistakes of a type whose form asks some questions and whose every move asks others."""
    moves = tuple(
        structs.replace(each, asks=Form(sections=(Section(code="s", title=L, fields=moving),)), by=("agent",), after=())
        for each in SAMPLE.workflow.transitions
    )
    states = tuple(structs.replace(each, timers=()) for each in SAMPLE.workflow.states)
    request_type = structs.replace(
        SAMPLE,
        form=Form(sections=(*SAMPLE.form.sections, Section(code="more", title=L, fields=asked))),
        workflow=structs.replace(SAMPLE.workflow, transitions=moves, states=states),
        messages=(),
        parts=parts,
    )
    return [str(mistake).partition(" · ")[2] for mistake in request_type.mistakes()]


def validity(**named: str) -> Validity:
    return Validity(code="a", title=L, **named)


def obligation(**named: str) -> Obligation:
    return Obligation(code="a", title=L, text=L, **named)


def fee(**named: str) -> Fee:
    return Fee(code="a", title=L, tariffs=SOME_TARIFF, **named)


SOME_TARIFF = (Tariff(since=date(2026, 1, 1), lines=(Fixed(code="a", title=L, amount=Decimal(1)),)),)


@pytest.mark.parametrize(
    ("part", "name", "right", "kind", "in_form"),
    [
        (validity, "until", DAY, "Date", True),
        (validity, "suspended_until", DAY, "Date", False),
        (obligation, "due", DAY, "Date", True),
        (obligation, "written", DEMANDS, "Group", False),
        (obligation, "chosen", CHOICE, "YesNo or OneOf or SeveralOf", False),
        (fee, "refund_asked", Money(code="back", label=L), "Money", False),
    ],
)
def test_an_answer_that_a_part_depends_on_is_asked_by_a_move_or_by_the_form_where_that_counts(
    part, name, right, kind, in_form
):
    where = f"{part.__name__} 'a' · {name}"

    def mistake(code):
        return f"{where} · {code!r} is no question that is asked there · {OUT} · ask it as {kind}, or correct its code"

    assert mistakes_with(moving=(right,), parts=(part(**{name: right.code}),)) == []
    assert mistakes_with(asked=(right,), parts=(part(**{name: right.code}),)) == (
        [] if in_form else [mistake(right.code)]
    )
    assert mistakes_with(moving=(right,), parts=(part(**{name: "misspelt"}),)) == [mistake("misspelt")]
    assert mistakes_with(moving=(ShortText(code="words", label=L),), parts=(part(**{name: "words"}),)) == [
        mistake("words")
    ]


def test_an_obligation_that_is_chosen_among_others_is_one_of_them():
    without = structs.replace(CHOICE, options=(B,))
    assert mistakes_with(moving=(without,), parts=(obligation(chosen="extras"),)) == [
        f"obligation 'a' · chosen · 'a' is not among the options of 'extras' · {OUT} · offer it, or correct a code"
    ]
