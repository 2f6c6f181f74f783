"""The tour past what is to be corrected or added: marked at the desk, answered at home; versions, delays, people."""

from parvis_supplements.panels import SUPPLEMENT

from .tour import Stops, Walk, way

LIST = ("complements", "completeness")


@way
async def marking_what_is_missing(walk: Walk) -> Stops:
    await walk.case("manager", "completed", *LIST)
    yield "list empty"
    await walk.page.locator("input[name='points.sign_kind.mark']").check()
    await walk.on("main form button[value=preview]")
    yield "reason missing"
    await walk.page.locator("[name='points.sign_kind.words']").fill("À plat ou en saillie?")
    await walk.on("main form button[value=preview]")
    yield "previewed"
    for page in ("versions", "dossier"):
        await walk.case("manager", "completed", page)
        yield page


@way
async def completing(walk: Walk) -> Stops:
    await walk.open("incomplete")
    yield "asked for"
    await walk.open("incomplete", SUPPLEMENT, "completeness")
    yield "points"
    await walk.on("main form button[value=send]")
    yield "points unanswered"
    await walk.open("completed")
    yield "answered"
    for name, page in (("versions", ":versions"), ("people", ":people")):
        await walk.open("completed", page)
        yield name
    await walk.on("main form .buttons button")
    yield "people wrong"
