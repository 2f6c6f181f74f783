"""The tour through what plugins show: boxes on a request, pages of their own, what they propose and may find."""

from .tour import Stops, Walk, way

ROUNDS, CREWS = "/bureau/pages/road_crews/rounds", "/exploitation/pages/road_crews/crews"


@way
async def on_a_request(walk: Walk) -> Stops:
    await walk.open(f"on its way-{walk.language}")
    yield "a panel for the requester"
    await walk.case("manager", f"on its way-{walk.language}")
    yield "a panel with a table"
    await walk.case("manager", f"on a round-{walk.language}")
    yield "a proposal that waits"
    answer = "accepter" if walk.language == "fr" else "decliner"
    await walk.on(f"form[action$='/propositions'] button[value={answer}]")
    yield "a proposal that is decided"
    await walk.case("manager", f"on its way-{walk.language}")
    yield "decided on the other request"


@way
async def pages_of_plugins(walk: Walk) -> Stops:
    await walk.at_desk("manager", ROUNDS)
    yield "at the desk"
    await walk.page.locator("select[name=crew]").select_option("ch")
    await walk.on("main form.figures-form button")
    yield "narrowed"
    await walk.page.goto(f"{ROUNDS}?day=2020-01-06")
    yield "narrowed to nothing"
    await walk.page.goto(f"{ROUNDS}?day=demain")
    yield "a filter that makes no sense"
    await walk.at_desk("operator", CREWS)
    yield "among those of operators"
    await walk.go("pages", "road_crews", "crews")
    yield "open to everybody"


@way
async def scopes_of_plugins(walk: Walk) -> Stops:
    await walk.at_desk("operator", "/exploitation/portees")
    await walk.unfold_all()
    yield "granted"
    await walk.on("main form button[value=retirer]")
    await walk.unfold_all()
    yield "revoked"
    await walk.on("main form button[value=autoriser]")
    yield "granted again"


@way
async def tasks_of_plugins(walk: Walk) -> Stops:
    await walk.at_desk("manager", "/bureau/a-faire")
    yield "to do"
    await walk.case("manager", f"on its way-{walk.language}")
    await walk.on("main form[action^='/bureau/a-faire/'] button")
    yield "done on a request"
    await walk.at_desk("manager", "/bureau/tableau")
    yield "figures of plugins"
