"""What the page of a service says, schedules and operations: what is wrong in them is told to their author."""

import pytest
from msgspec import structs

from parvis_sdk.about import About, Answer, Operation, Scheduled
from parvis_sdk.fields import Date, OneOf, Option, SeveralOf, ShortText, Time
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import RequestType, dump_type, load_type
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.text import Text

WHAT = Text(fr="Quoi?", en="What?")
STREAM = OneOf(code="stream", label=WHAT, options=(Option(code="garbage", label=WHAT),))
DAY = Date(code="day", label=WHAT)
HOUR = Time(code="hour", label=WHAT)
ANSWER = Answer(code="when", question=WHAT, answer=WHAT)


def request_type(*fields, **given) -> RequestType:
    form = Form(sections=(Section(code="what", title=WHAT, fields=fields),))
    bare = structs.replace(SAMPLE, service_levels=(), messages=())
    return structs.replace(bare, form=form, **given)


def whats(request_type) -> list[str]:
    return [f"{mistake.where}: {mistake.what}" for mistake in request_type.mistakes()]


def test_a_page_a_schedule_and_an_operation_that_are_right_are_taken_and_come_back_from_storage():
    right = request_type(
        STREAM,
        DAY,
        HOUR,
        about=About(who=WHAT, next=(WHAT,), answers=(ANSWER,), first=True),
        scheduled=Scheduled(schedule="collections", stream="stream", day="day", insist=WHAT),
        opened_by="town",
        operation=Operation(ends_on="day", ends_at="hour"),
        operations=("snow",),
    )
    assert whats(right) == []
    assert load_type(dump_type(right)) == right


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"about": About(cost=Text(fr=" "))}, "about · cost: the French text is empty"),
        ({"about": About(answers=(ANSWER, ANSWER))}, "about · answer 'when': two answers have this code"),
        (
            {"about": About(answers=(structs.replace(ANSWER, link="javascript:alert(1)"),))},
            "about · answer 'when': 'javascript:alert(1)' is no address",
        ),
        (
            {"scheduled": Scheduled(schedule="collections", stream="nothing", day="day")},
            "scheduled · stream: 'nothing' is not asked in the form",
        ),
        (
            {"scheduled": Scheduled(schedule="collections", stream="stream", day="stream")},
            "scheduled · day: 'stream' is a OneOf where a Date is needed",
        ),
        ({"operation": Operation(ends_on="day")}, "operation: anybody could declare this operation"),
        (
            {"operation": Operation(ends_on="day", ends_at="day"), "opened_by": "town"},
            "operation · ends_at: 'day' is a Date where a Time is needed",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(given, said):
    assert any(each.endswith(said) for each in whats(request_type(STREAM, DAY, **given)))


def test_an_operation_does_not_ask_for_zones_itself_and_a_theme_has_answers_that_are_right_too():
    zones = SeveralOf(code="zones", label=WHAT, options=(Option(code="a", label=WHAT),))
    asking = request_type(zones, DAY, opened_by="town", operation=Operation(ends_on="day"))
    assert any("'zones', which the host adds" in each for each in whats(asking))
    theme = structs.replace(SAMPLE.theme, answers=(structs.replace(ANSWER, answer=Text(fr="")),))
    assert any(
        "theme · answer 'when' · answer" in each
        for each in whats(request_type(ShortText(code="a", label=WHAT), theme=theme))
    )
