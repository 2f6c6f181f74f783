"""Somebody who writes in one language and goes on in the other keeps every word, also the last one."""

import pytest

from parvis_testing.browsing import looking, served

from .test_drafts import ELOISE, SERVICE, at_questions

pytestmark = pytest.mark.browser


async def test_what_is_typed_goes_along_into_the_other_language_without_scripts(browser):
    await at_questions(browser)
    await browser.send({"size": "small", "other": "le dernier mot", "_language": "en"})
    assert browser.path.startswith("/en/")
    assert browser.path.endswith("/1")
    fields = browser.form()["fields"]
    assert ("size", "small") in fields
    await browser.send({"_language": "fr"})
    assert browser.path == f"{SERVICE}/1"
    assert ("size", "small") in browser.form()["fields"]


async def test_a_language_that_the_town_does_not_speak_leads_nowhere_else(browser):
    await at_questions(browser)
    await browser.send({"size": "small", "_language": "de"})
    assert browser.path.startswith("/fr/")


async def test_who_has_not_given_a_name_yet_changes_language_without_being_scolded(browser):
    await at_questions(browser)
    await browser.send({"size": "small", "danger": "no"})
    await browser.send({})
    await browser.send({**ELOISE, "_language": "en"})
    assert browser.status == 200
    assert browser.path.startswith("/en/")
    assert ("name", ELOISE["name"]) in browser.form()["fields"]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("where", [".masthead", ".colophon"], ids=["at the top", "at the foot"])
async def test_the_last_second_before_a_change_of_language_is_kept_in_chromium(chromium, app, scripts, where):
    async with (
        served(app) as address,
        looking(chromium, address, java_script_enabled=scripts) as page,
    ):
        await page.goto(SERVICE)
        words = page.locator('[name="place.words"]')
        await words.fill("Devant l’école, côté nord")
        await page.locator(where).get_by_role("button", name="English").click()
        await page.wait_for_url("**/en/**")
        assert await page.locator('[name="place.words"]').input_value() == "Devant l’école, côté nord"
        await page.locator('[name="place.words"]').fill("Devant l’école, côté sud")
        await page.locator(where).get_by_role("button", name="Français").click()
        await page.wait_for_url("**/fr/**")
        assert await page.locator('[name="place.words"]').input_value() == "Devant l’école, côté sud"
