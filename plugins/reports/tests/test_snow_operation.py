"""Snow operations: the town declares them, people follow them, and the missed collection asks the schedule."""

from parvis_reports.missed_collection import MISSED_COLLECTION
from parvis_reports.snow_operation import SNOW_OPERATION
from parvis_reports.snowy_sidewalk import SNOWY_SIDEWALK
from parvis_sdk.requests import Phase


def test_only_the_town_declares_an_operation_and_those_who_report_snow_hear_of_it():
    assert SNOW_OPERATION.opened_by == "town"
    assert SNOW_OPERATION.visibility.public
    assert SNOW_OPERATION.code in SNOWY_SIDEWALK.operations


def test_an_operation_is_under_way_until_the_town_ends_it_and_its_followers_are_told():
    assert SNOW_OPERATION.workflow.initial.phase is Phase.IN_PROGRESS
    for code in ("end", "call_off"):
        transition = SNOW_OPERATION.workflow.transition(code)
        assert SNOW_OPERATION.workflow.state(transition.target).phase is Phase.CLOSED
        assert transition.tell
        assert SNOW_OPERATION.message(code) is not None


def test_every_stream_that_may_be_missed_can_stand_in_the_schedule_of_a_town():
    rule = MISSED_COLLECTION.scheduled
    streams = next(field for field in MISSED_COLLECTION.form.fields() if field.code == rule.stream)
    assert {option.code for option in streams.options} >= {"garbage", "recycling", "organics"}
    assert rule.insist is not None
