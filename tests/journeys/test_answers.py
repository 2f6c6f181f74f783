"""Answered without a request: a bin on the wrong day, and snow while an operation is under way."""

from datetime import timedelta

import pytest
from playwright.async_api import expect

from parvis import clock

from . import desk, portal
from .people import AGENTS, DESK, People
from .walking import answer, choose, press, press_button, press_link, see, see_heading, sign_in
from .words import say

BOTH = [pytest.param("fr", True, id="in French"), pytest.param("en", False, id="in English, without scripts")]
HOMES = {"fr": ("4001 berri", "4001, rue Berri"), "en": ("5115 rivard", "5115, rue Rivard")}
STREETS = {"fr": ("7575 19e", "7575, 19e Avenue"), "en": ("7770 20e", "7770, 20e Avenue")}


@pytest.mark.parametrize(("language", "scripts"), BOTH)
async def test_a_bin_out_on_the_wrong_day_is_answered_from_the_schedule(people: People, language, scripts):
    resident = await people.come(language, scripts=scripts)
    service = say("missed_collection", language)
    typed, address = HOMES[language]
    await portal.find_service(resident, language, say("bin_not_emptied", language), service)
    await portal.give_place(resident, language, typed, address, scripts=scripts)
    await choose(resident, say("what_was_missed", language), say("recycling", language))
    await answer(resident, "bins", "1")
    await choose(resident, say("neighbours", language), say("do_not_know", language))
    await press_button(resident, say("continue", language))

    # When it comes stands beside the question on the day; the wrong day is answered, and nothing is filed.
    await see(resident, say("comes_on_wednesday", language))
    await answer(resident, "collection_day", portal.last_tuesday())
    await answer(resident, "set_out_at", "06:30")
    await choose(resident, say("was_there_a_notice", language), say("no", language))
    await press_button(resident, say("continue", language))
    await see(resident, say("no_round", language), say("next_round", language))
    await press_button(resident, say("answers_my_question", language))
    await see_heading(resident, service)
    await see(resident, say("no_request_made", language))

    # The manager reads how often it was said, and how often it was enough.
    manager = await people.come("fr", width=DESK, scripts=scripts)
    await sign_in(manager, AGENTS[f"manager-{language}"])
    await manager.goto("/bureau/tableau")
    row = manager.locator("tr", has_text=say("not_that_day", language))
    await expect(row).to_be_visible()


@pytest.mark.parametrize(("language", "scripts"), BOTH)
async def test_snow_under_way_is_followed_rather_than_reported_until_it_is_over(people: People, language, scripts):
    typed, address = STREETS[language]
    follower = f"neige.{language}@exemple.ca"

    # The town declares an operation in one of its zones, at the desk, like any request.
    agent = await people.come("fr", width=DESK, scripts=scripts)
    await sign_in(agent, AGENTS[f"clerk-{language}"])
    await agent.goto("/bureau/nouvelle")
    await agent.locator("details", has=agent.locator("button[value=snow_operation]")).locator("summary").click()
    await press(agent, agent.locator("button[value=snow_operation]").first)
    await answer(agent, "answers.work", "loading")
    await answer(agent, "answers.ends_on", clock.now().date() + timedelta(days=2))
    await answer(agent, "answers.ends_at", "18:00")
    await answer(agent, "answers.zones", ["villeray"])
    await press(agent, agent.locator("button[name=_send]"))
    reference = await agent.locator(".reference").first.inner_text()

    # Who reports snow there is told that it is under way, and until when; they follow it by a letter.
    resident = await people.come(language, scripts=scripts)
    service = say("snow", language)
    await portal.find_service(resident, language, service, service)
    await portal.give_place(resident, language, typed, address, scripts=scripts)
    await see(resident, say("under_way_here", language), say("expected_end", language))
    await press_link(resident, say("follow_operation", language))
    await resident.get_by_label(say("your_email", language)).fill(follower)
    await press_button(resident, say("follow", language))
    await see(resident, say("look_in_mailbox", language))
    await portal.letter_about(resident, follower, reference)
    await portal.press_in_letter(resident, f"/{say('following', language)}/")
    await press_button(resident, say("yes_write", language))
    await see(resident, say("you_follow", language))

    # Somebody who cannot get through files all the same, and the desk reads in spite of what.
    other = await people.come(language, scripts=scripts)
    await portal.find_service(other, language, service, service)
    await portal.give_place(other, language, typed, address, scripts=scripts)
    await press_button(other, say("somebody_cannot_pass", language))
    await expect(other.locator("input[name=mobility]").first).to_be_attached()

    # It is over: who followed reads so.
    await agent.goto(f"/bureau/requete/{reference}")
    await desk.move(agent, "end")
    await portal.letter_about(resident, follower, say("snow_over", language, reference))
