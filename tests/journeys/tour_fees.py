"""The tour past what is to be paid and what was paid: with the request, on the page to pay, at the desk."""

from .tour import Stops, Walk, way

PAY = "#fees a.button"
RECEIPT = "#fees a[href$='/recu'], #fees a[href$='/receipt']"


@way
async def paying(walk: Walk) -> Stops:
    await walk.open("charged")
    await walk.unfold_all()
    yield "due"
    await walk.page.locator(PAY).click()
    yield "ways to pay"
    await walk.on("main form button")
    yield "provider away"
    await walk.open("paid")
    await walk.unfold_all()
    yield "paid"
    await walk.page.locator(RECEIPT).first.click()
    yield "receipt"


@way
async def fees_at_the_desk(walk: Walk) -> Stops:
    await walk.case("manager", "charged")
    await walk.unfold_all()
    yield "due"
    await walk.page.locator(PAY).click()
    yield "charge"
    await walk.on("main form.panel button[type=submit]")
    yield "nothing chosen"
    await walk.case("manager", "paid")
    await walk.page.locator(PAY).click()
    yield "payments"
    await walk.page.locator("main a[href*='/recus/']").first.click()
    yield "receipt"
