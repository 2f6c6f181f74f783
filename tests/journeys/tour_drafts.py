"""The tour of what was begun: found again, continued elsewhere, changed in two tabs, without cookies or network."""

from parvis_my_requests.addresses import own

from .portal import letter_about, press_in_letter
from .tour import POTHOLE, Stops, Walk, way
from .walking import press
from .words import say

MAIL = "form:has([name=email]) .buttons button"
BESIDE = {"fr": "Devant la bibliothèque, côté nord.", "en": "In front of the library, north side."}


async def begin(walk: Walk) -> None:
    await walk.go(":apply", *POTHOLE[walk.language])
    await walk.fill(place_words=BESIDE[walk.language])
    await walk.on()


@way
async def coming_back_to_a_draft(walk: Walk) -> Stops:
    await begin(walk)
    await walk.go()
    yield "home with a draft"
    await walk.go(":services")
    await walk.go(":apply", *POTHOLE[walk.language])
    yield "begun before"
    await press(walk.page, walk.page.locator("button[name=_later]"))
    yield "later"
    await walk.on(MAIL)
    yield "no address given"
    email = f"brouillon.{walk.language}@exemple.ca"
    await walk.fill(email=email)
    await walk.on(MAIL)
    yield "link mailed"
    link = await walk.page.locator("#draft-link").inner_text()
    await press(walk.page, walk.page.locator("button[value=forget]"))
    yield "off this device"
    await walk.go(*own())
    await walk.fill(email=email)
    await walk.on()
    await letter_about(walk.page, email, say("own_link", walk.language))
    await press_in_letter(walk.page, f"/{say('own', walk.language)}/")
    await walk.on()
    yield "on the own page"
    await walk.page.goto(link)
    yield "behind the link"
    await press(walk.page, walk.page.locator("button[value=resume]"))
    await walk.go()
    await press(walk.page, walk.page.locator(".resume__draft a").last)
    yield "to be erased?"
    await press(walk.page, walk.page.locator("button[value=discard]"))
    yield "erased"
    await walk.page.goto(link)
    yield "nothing left"


@way
async def two_tabs(walk: Walk) -> Stops:
    await begin(walk)
    other = await walk.page.context.new_page()
    await other.goto(walk.page.url)
    for page, size in ((other, "small"), (walk.page, "large")):
        if not await page.locator("details.more[open]").count():
            await page.locator("details.more > summary").click()
        for name, value in (("size", size), ("surface", "lane"), ("danger", "no")):
            await page.locator(f"input[name={name}][value={value}]").check()
        await press(page, page.locator("main form .buttons button").first)
    await other.close()
    yield "changed elsewhere"


@way
async def without_cookies(walk: Walk) -> Stops:
    """Every cookie is thrown away before each press, as a browser that refuses them does."""

    async def on() -> None:
        await walk.page.context.clear_cookies()
        await walk.on()

    await walk.go(":apply", *POTHOLE[walk.language])
    await walk.fill(place_words=BESIDE[walk.language])
    await on()
    yield "questions"
    await walk.check(danger="yes")
    await on()
    await walk.check(mode="anonymous")
    await on()
    yield "receipt"


@way
async def without_network(walk: Walk) -> Stops:
    await walk.go(":offline")
    yield "no network"
    await walk.go(":apply", *POTHOLE[walk.language], ":offline")
    await walk.page.locator("[data-offline-form]").wait_for()
    yield "a whole form"
    await walk.fill(place_words=BESIDE[walk.language])
    await walk.page.locator("[data-offline-keep]").click()
    await walk.page.locator(".banner--ok").first.wait_for()
    yield "kept on the device"
    await walk.go(":offline")
    await walk.page.locator("[data-kept-drafts] li").wait_for()
    yield "what the device keeps"
    await walk.go()
    await walk.page.locator(".kept-bar").wait_for()
    yield "home with something to send"
