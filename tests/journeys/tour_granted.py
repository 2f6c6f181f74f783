"""The tour past what was granted: its conditions and their proof, its transfer, and due dates at the desk."""

from parvis_grants.transfer_letters import PAGE

from .tour import Stops, Walk, way


@way
async def proving_a_condition(walk: Walk) -> Stops:
    await walk.open("granted")
    yield "with its request"
    await walk.page.locator("#obligations a.button").click()
    yield "proof asked"
    await walk.on()
    yield "proof missing"


@way
async def handing_over(walk: Walk) -> Stops:
    await walk.open("granted", PAGE, "certificate")
    await walk.on()
    yield "offer missing"
    await walk.open("proved")
    yield "offered with its request"
    await walk.open("proved", PAGE, "certificate")
    yield "offered"
    await walk.go(PAGE, walk.known["offer"].key)
    yield "offer of a transfer"
    await walk.fill(name="", email="x")
    await walk.on("main form button[value=accept]")
    yield "acceptance wrong"


@way
async def due_dates_at_the_desk(walk: Walk) -> Stops:
    await walk.at_desk("manager", "/bureau/echeances")
    yield "list"
    await walk.case("manager", "proved")
    await walk.page.locator("#obligations a.button").click()
    await walk.unfold_all()
    yield "proof to look at"
    await walk.on("main form:has(input[name=deed]) .buttons button")
    yield "decision missing"
