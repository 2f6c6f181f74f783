"""The tour past documents that were issued: with their request, where anybody verifies them, and at the desk."""

from parvis_documents.codes import VERIFY

from .tour import Stops, Walk, way

LINK = "main a[href*='/verif']"
CHANGE = "main a[href$='/changer']"


@way
async def verifying(walk: Walk) -> Stops:
    await walk.go(VERIFY)
    yield "code asked"
    await walk.fill(code="7K3M-9QXT-9")
    await walk.on()
    yield "code wrong"
    await walk.open("refused")
    yield "with its request"
    addresses = [await each.get_attribute("href") for each in await walk.page.locator(LINK).all()]
    for name, path in zip(("valid", "replaced"), addresses, strict=True):
        await walk.page.goto(path)
        await walk.unfold_all()
        yield name


@way
async def documents_at_the_desk(walk: Walk) -> Stops:
    await walk.case("manager", "refused")
    yield "with its request"
    await walk.page.locator(CHANGE).first.click()
    await walk.on("main form button[value=replace]")
    yield "reason missing"
