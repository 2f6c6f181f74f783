"""Answered without a request: a bin on the wrong day, and snow while an operation is under way.

Walked in the four ways of `combinations`, which hold every pair of language, width and scripts.
"""

from datetime import timedelta

from playwright.async_api import expect

from . import desk, portal
from .combinations import Way, walked_in_four_ways
from .people import AGENTS, DESK, People
from .walking import answer, choose, press, press_button, press_link, see, see_heading, sign_in, today

HOMES = {"fr": ("4001 berri", "4001, rue Berri"), "en": ("5115 rivard", "5115, rue Rivard")}
STREETS = {"fr": ("7575 19e", "7575, 19e Avenue"), "en": ("7770 20e", "7770, 20e Avenue")}


@walked_in_four_ways
async def test_a_bin_out_on_the_wrong_day_is_answered_from_the_schedule(people: People, way: Way):
    resident = await way.come(people)
    service = way.say("missed_collection")
    typed, address = HOMES[way.language]
    await portal.find_service(resident, way.language, way.say("bin_not_emptied"), service)
    await portal.give_place(resident, way.language, typed, address, scripts=way.scripts)
    await choose(resident, way.say("what_was_missed"), way.say("recycling"))
    await choose(resident, way.say("neighbours"), way.say("do_not_know"))
    await press_button(resident, way.say("continue"))

    # When it comes stands beside the question on the day; the wrong day is answered, and nothing is filed.
    await see(resident, way.say("comes_on_wednesday"))
    await answer(resident, "collection_day", portal.last_tuesday())
    await press_button(resident, way.say("continue"))
    await see(resident, way.say("no_round"), way.say("next_round"))
    await press_button(resident, way.say("answers_my_question"))
    await see_heading(resident, service)
    await see(resident, way.say("no_request_made"))

    # The manager reads how often it was said, and how often it was enough.
    manager = await people.come("fr", width=DESK, scripts=way.scripts)
    await sign_in(manager, AGENTS[f"manager-{way.language}"])
    await manager.goto("/bureau/tableau")
    row = manager.locator("tr", has_text=way.say("not_that_day"))
    await expect(row).to_be_attached()
    await expect(await desk.uncovered(row)).to_be_visible()


@walked_in_four_ways
async def test_snow_under_way_is_followed_rather_than_reported_until_it_is_over(people: People, way: Way):
    typed, address = STREETS[way.language]
    follower = way.email("neige")

    # The town declares an operation in one of its zones, at the desk, like any request.
    agent = await people.come("fr", width=DESK, scripts=way.scripts)
    await sign_in(agent, AGENTS[f"clerk-{way.language}"])
    await agent.goto("/bureau/nouvelle")
    await agent.locator("details", has=agent.locator("button[value=snow_operation]")).locator("summary").click()
    await press(agent, agent.locator("button[value=snow_operation]").first)
    await answer(agent, "answers.work", "loading")
    await answer(agent, "answers.ends_on", today() + timedelta(days=2))
    await answer(agent, "answers.ends_at", "18:00")
    await answer(agent, "answers.zones", ["villeray"])
    await press(agent, agent.locator("button[name=_send]"))
    reference = await agent.locator(".reference").first.inner_text()

    # Who reports snow there is told that it is under way, and until when; they follow it by a letter.
    resident = await way.come(people)
    service = way.say("snow")
    await portal.find_service(resident, way.language, service, service)
    await portal.give_place(resident, way.language, typed, address, scripts=way.scripts)
    await press_button(resident, way.say("continue"))
    await see(resident, way.say("under_way_here"), way.say("expected_end"))
    await press_link(resident, way.say("follow_operation"))
    await resident.get_by_label(way.say("your_email")).fill(follower)
    await press_button(resident, way.say("follow"))
    await see(resident, way.say("look_in_mailbox"))
    await portal.letter_about(resident, follower, reference)
    await portal.press_in_letter(resident, f"/{way.say('following')}/")
    await press_button(resident, way.say("yes_write"))
    await see(resident, way.say("you_follow"))

    # Somebody who cannot get through files all the same, and the desk reads in spite of what.
    other = await way.come(people)
    await portal.find_service(other, way.language, service, service)
    await portal.give_place(other, way.language, typed, address, scripts=way.scripts)
    await press_button(other, way.say("continue"))
    await press_button(other, way.say("somebody_cannot_pass"))
    await expect(other.locator("input[name=mobility]").first).to_be_attached()

    # It is over: who followed reads so.
    await agent.goto(f"/bureau/requete/{reference}")
    await desk.move(agent, "end")
    await portal.letter_about(resident, follower, way.say("snow_over", reference))
