"""Saying where: under the cross of a telephone, by keys, from a list, by one's own position, in others' streets."""

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from parvis.web.addresses import address

from . import portal
from .people import DESK, PHONE, People
from .tour import LIGHT, PARK, POTHOLE
from .tour_portal import FAR, HANGING_LIGHTS, PROVINCIAL_ROAD
from .walking import choose, come_to_map, press, press_button, see, see_heading
from .words import say

if TYPE_CHECKING:
    from playwright.async_api import Page

TELEPHONE = {"width": PHONE, "has_touch": True, "is_mobile": True}
HERE = {"longitude": -73.58830, "latitude": 45.51954}  # 4563, rue Saint-Urbain


async def open_form(page: "Page", language: str, service: dict[str, tuple[str, str]]) -> None:
    await page.goto(address(language, ":apply", *service[language]))
    await come_to_map(page)


async def look_at(page: "Page", lon: float, lat: float) -> None:
    """What moving the map does, without the dozen of drags that it takes."""
    await come_to_map(page)
    look = "([x, y]) => { document.querySelector('[data-map]').parvisMap.setView([y, x], 16) }"  # and give nothing back
    await page.evaluate(look, [lon, lat])


async def point_of(page: "Page") -> tuple[str, str]:
    return await page.locator("#place-lon").input_value(), await page.locator("#place-lat").input_value()


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_on_a_telephone_the_map_moves_under_the_cross_and_one_press_says_here(people: People, language: str):
    page = await people.come(language, **TELEPHONE)
    await open_form(page, language, POTHOLE)
    here = page.get_by_role("button", name=say("this_is_it", language), exact=True)
    status = page.locator("[data-map-status]")
    await here.click()
    await expect(status).to_contain_text(say("come_closer", language))  # a whole town lies under the cross
    assert await point_of(page) == ("", "")
    box = await page.locator(".map__canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x - 40, y - 30, steps=4)
    await page.mouse.up()
    await here.click()
    await expect(status).to_contain_text(say("place_chosen", language))
    first = await point_of(page)
    assert first != ("", "")
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 60, y, steps=4)
    await page.mouse.up()
    assert await point_of(page) == first  # looking around changes nothing that was said
    await choose(page, say("is_dangerous", language), say("no", language))
    await press_button(page, say("continue", language))
    onward = [address(language, ":apply", *POTHOLE[language], to) for to in (":review", ":similar")]
    assert page.url.endswith(tuple(onward))


async def test_by_keys_alone_the_pin_is_placed_and_moved(people: People):
    page = await people.come("fr", width=DESK)
    await open_form(page, "fr", POTHOLE)
    await page.locator("#place").press_sequentially("4563 saint-urb")
    await page.get_by_role("option", name="4563, rue Saint-Urbain").wait_for()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-map-status]")).to_contain_text("Adresse la plus proche : 4563, rue Saint-Urbain")
    first = await point_of(page)
    await page.locator(".map__canvas").focus()
    await expect(page.locator(".crosshair")).to_have_css("visibility", "hidden")  # the pin stands there
    for key in ("ArrowLeft", "ArrowLeft", "+"):
        await page.keyboard.press(key)
        await page.evaluate("new Promise(done => setTimeout(done, 300))")
    await expect(page.locator(".crosshair")).to_have_css("visibility", "visible")
    await page.keyboard.press("Enter")
    await expect(page.locator("#place-lon")).not_to_have_value(first[0])
    await expect(page.locator("#place")).not_to_have_value("4563, rue Saint-Urbain")
    await page.locator("#danger").focus()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await see_heading(page, say("details_and_send", "fr"))


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_without_a_map_the_list_alone_finishes_the_task(people: People, language: str):
    page = await people.come(language, scripts=False)
    await page.goto(address(language, ":apply", *PARK[language]))
    await page.locator("#place").fill("4563 saint-urbain")
    await press_button(page, say("look_up", language))
    await see(page, say("which_one", language))
    await page.get_by_label("081-0010").check()
    for name, value in (("kind", "swing"), ("danger", "no"), ("injury", "no")):
        await page.locator(f"input[name={name}][value={value}]").check()
    await press_button(page, say("continue", language))
    await see_heading(page, say("details_and_send", language))


async def test_the_list_and_the_map_are_one_choice(people: People):
    page = await people.come("fr", width=DESK)
    await open_form(page, "fr", PARK)
    await page.locator("#place").press_sequentially("4563 saint-urb")
    await page.get_by_role("option", name="4563, rue Saint-Urbain").click()
    tennis = page.locator("#place-assets").get_by_label("081-0010")
    await tennis.check()
    await expect(page.locator(".asset--chosen")).to_have_count(1)
    await page.locator("path.asset:not(.asset--chosen)").first.dispatch_event("click")
    await expect(page.locator(".asset--chosen")).to_have_count(2)
    await expect(page.locator("#place-assets input[data-code]:checked")).to_have_count(2)
    await page.get_by_label("Il n’est pas dans la liste").check()
    await expect(page.locator(".asset--chosen")).to_have_count(0)


async def test_of_a_layer_with_too_many_things_the_map_shows_those_that_are_seen(people: People):
    page = await people.come("fr", width=DESK)
    too_many = {"json": {"type": "FeatureCollection", "features": [], "more": True}}
    await page.route("**/territoire.geojson?couche=equipment", lambda route: route.fulfill(**too_many))
    frames = []
    page.on("request", lambda asked: frames.append(asked.url) if "cadre=" in asked.url else None)
    await open_form(page, "fr", PARK)
    await expect(page.locator("path.asset")).to_have_count(0)
    await look_at(page, HERE["longitude"], HERE["latitude"])
    await expect(page.locator("path.asset").first).to_be_attached()
    assert len(frames) == 1


@pytest.mark.parametrize("is_given", [True, False])
async def test_my_position_is_taken_or_its_refusal_told(people: People, is_given: bool):
    granted = {"geolocation": HERE, "permissions": ["geolocation"]} if is_given else {}
    page = await people.come("fr", **TELEPHONE, **granted)
    await open_form(page, "fr", POTHOLE)
    await page.get_by_role("button", name=say("use_position", "fr")).click()
    if is_given:
        await expect(page.locator("#place")).to_have_value("4563, rue Saint-Urbain")
        assert await point_of(page) == ("-73.588300", "45.519540")
    else:
        await expect(page.locator("[data-map-status]")).to_contain_text(say("position_denied", "fr"))
        assert await point_of(page) == ("", "")


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_whose_a_place_is_is_said_at_the_pin_and_what_was_typed_stays(people: People, language: str):
    page = await people.come(language, **TELEPHONE)
    await open_form(page, language, POTHOLE)
    await page.locator("#place-words").fill("Sous le viaduc")
    verdict = page.locator("#place-verdict")
    here = page.get_by_role("button", name=say("this_is_it", language), exact=True)
    await look_at(page, *PROVINCIAL_ROAD)
    await here.click()
    await expect(verdict).to_contain_text(say("ministry", language))
    await expect(verdict.locator("a[href='https://www.quebec511.info/']")).to_be_visible()
    await expect(verdict.locator("a[href='tel:511']")).to_be_visible()
    await look_at(page, *FAR)
    await here.click()
    await expect(verdict).to_contain_text(say("outside", language))
    await press_button(page, say("continue", language))
    await see(page, say("outside", language))
    await expect(page.locator("#place-words")).to_have_value("Sous le viaduc")
    await look_at(page, HERE["longitude"], HERE["latitude"])
    await here.click()
    await expect(verdict).to_be_empty()
    await expect(page.locator("#place")).to_have_value("4563, rue Saint-Urbain")


async def test_what_the_town_passes_on_may_be_sent_all_the_same(people: People):
    page = await people.come("fr", width=DESK)
    await open_form(page, "fr", LIGHT)
    await look_at(page, *HANGING_LIGHTS)
    await page.locator(".map__canvas").click()
    await expect(page.locator("#place-verdict")).to_contain_text("Électricité du Parvis")
    listed = page.locator("#place-assets input[data-none]")
    if await listed.count():
        await listed.check()
    await choose(page, "Combien de lampadaires sont touchés?", "Un seul")
    await choose(page, "Y a-t-il un danger?", "Non")
    await press_button(page, "Continuer")
    await see_heading(page, say("details_and_send", "fr"))


async def test_me_too_is_one_press_and_the_map_and_the_list_point_at_each_other(people: People, known):
    page = await people.come("fr", width=DESK)
    await open_form(page, "fr", POTHOLE)
    await portal.pin(page, HERE["longitude"], HERE["latitude"])
    await press_button(page, "Continuer")
    await see_heading(page, say("already", "fr"))
    await come_to_map(page)
    item = page.locator("#similar > li", has_text=known["received"].reference)
    await item.hover()
    await expect(page.locator(".pin--lit")).to_have_count(1)
    await item.get_by_label(say("your_email", "fr")).fill("moi.aussi@exemple.ca")
    await press(page, item.get_by_role("button", name=say("me_too", "fr")))
    await see(page, say("look_in_mailbox", "fr"))


async def test_on_a_telephone_the_map_of_the_list_comes_when_it_is_asked_for(people: People):
    page = await people.come("fr", **TELEPHONE)
    await page.goto(address("fr", ":list"))
    await page.wait_for_load_state("networkidle")
    await expect(page.locator("[data-map][hidden]")).to_have_count(1)
    await page.locator("[data-list-switch] [data-view=carte]").click()
    await expect(page.locator(".group-pin, .pin").first).to_be_visible()
    await expect(page.locator("[data-view=carte]")).to_have_attribute("aria-pressed", "true")
