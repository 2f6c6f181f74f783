"""Authors' mistakes in forms and request types, each said whole, all at once."""

import pytest
from msgspec import structs

from parvis_sdk.conditions import Answered, AtLeast, Includes, Is
from parvis_sdk.errors import DeclarationError
from parvis_sdk.fields import (
    Consent,
    Date,
    Field,
    File,
    Group,
    Information,
    Number,
    OneOf,
    Option,
    SeveralOf,
    ShortText,
    YesNo,
)
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import IdentityRule, Message, PlaceRule, RequestType, Retention, ServiceLevel
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.text import Text
from parvis_sdk.workflow import reason_form

L = Text(fr="Question", en="Question")
A, B = Option(code="a", label=L), Option(code="b", label=L)
EMPTY = Text(fr="")
OUT = "the plugin is left out"
FRENCH = f"the French text is empty · {OUT} · write it: French is always complete"
CODE = f"{OUT} · use small letters, digits and _, beginning with a letter, 60 at most"


def slips_of(*fields: Field) -> list[str]:
    form = Form(sections=(Section(code="s", title=L, fields=fields),))
    return [str(slip) for slip in form.slips()]


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
    assert slips_of(*fields) == expected


def test_two_sections_with_one_code_are_a_mistake():
    section = Section(code="s", title=L, fields=())
    (slip,) = Form(sections=(section, section)).slips()
    assert str(slip) == f"section 's' · two sections have this code · {OUT} · give each its own code"


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
    kind = structs.replace(SAMPLE, **changes)
    assert [str(slip) for slip in kind.slips()] == [f"request type {kind.code!r} · {each}" for each in expected]


def test_the_answers_to_a_transition_may_be_said_in_its_message():
    flow = SAMPLE.workflow
    asking = structs.replace(flow, transitions=(structs.replace(flow.transitions[0], asks=reason_form()),))
    said = Message(on="close", subject=L, body=Text(fr="{reason} {reference}", en="{reason} {reference}"))
    assert structs.replace(SAMPLE, workflow=asking, messages=(said,)).slips() == ()


def test_checking_raises_every_mistake_at_once():
    with pytest.raises(DeclarationError) as caught:
        structs.replace(SAMPLE, version=0, retention=Retention(days=-1)).check()
    assert len(caught.value.slips) == 2
    assert str(caught.value).count("\n") == 1
    SAMPLE.check()


def test_a_request_type_without_mistakes_is_the_same_after_storage():
    assert isinstance(SAMPLE, RequestType)
    assert SAMPLE.promise({}) is None
    assert structs.replace(SAMPLE, service_levels=(LEVEL,)).promise({}) == LEVEL
