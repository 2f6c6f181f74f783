"""Two who choose a day: each names what they saw, one is told what the other did, and nobody loses a word."""

from datetime import timedelta

import pytest

from parvis import clock
from parvis.requests.records import find
from parvis_testing.crowded import reported
from parvis_testing.rivals import WORDS, blindly, one_of_two_is_told, refused_blind, the_later_is_told, two_managers

pytestmark = pytest.mark.both_engines


@pytest.fixture
async def opened(api):
    """A report: its reference, the path, what is typed, the version shown."""
    record = await find(api.host, (await reported(api)).named["reference"])
    typed = {"words": WORDS, "other": (clock.now() + timedelta(days=9)).date().isoformat()}
    return record.reference, f"/bureau/requete/{record.reference}/suivi", typed, str(record.version)


@blindly
async def test_a_form_that_does_not_say_what_it_was_filled_in_from_changes_nothing(desk, api, opened, given):
    reference, path, typed, _ = opened
    await refused_blind(await desk.signed_in("manager"), api, reference, path, typed | given)


async def test_of_two_at_once_one_sees_what_the_other_did_and_loses_no_word(desk, api, opened):
    await one_of_two_is_told(await two_managers(desk), api, *opened)


async def test_who_sends_after_the_other_is_done_sees_that_and_loses_no_word(desk, api, opened):
    await the_later_is_told(await two_managers(desk), api, *opened)
