"""The tour past visits: their planning and rounds at the desk, checklists on site, what the requester is told."""

from .tour import Stops, Walk, way


@way
async def planning_of_visits(walk: Walk) -> Stops:
    await walk.at_desk("manager", "/bureau/visites")
    await walk.unfold_all()
    yield "waiting"
    await walk.on("main form[method=post] button[type=submit]")
    yield "waiting wrong"
    await walk.at_desk("manager", "/bureau/visites?vue=prevues&zone=outremont")
    yield "planned"
    await walk.at_desk("manager", "/bureau/visites?vue=retard")
    yield "nothing late"


@way
async def visits_at_the_desk(walk: Walk) -> Stops:
    await walk.at_desk("manager", f"/bureau/visites/tournee?jour={walk.known['visit-planned'].key}")
    yield "round"
    await walk.at_desk("manager", "/bureau/visites/tournee?jour=2026-01-03")
    yield "round empty"
    for state in ("planned", "failed"):
        await walk.at_desk("manager", f"/bureau/visites/{walk.known[f'visit-{state}'].reference}")
        await walk.unfold_all()
        yield state
    await walk.at_desk("manager", f"/bureau/visites/{walk.known['visit-planned'].reference}")
    await walk.unfold("/annulation")
    await walk.on("form[action$='/annulation'] button[type=submit]")
    yield "cancelling wrong"
    await walk.case("manager", "works-failed")
    yield "case"


@way
async def on_site(walk: Walk) -> Stops:
    day = walk.known["visit-planned"].key
    await walk.at_desk("manager", f"/bureau/terrain?jour={day}&a=tous")
    yield "day"
    await walk.at_desk("manager", "/bureau/terrain")
    yield "day of one"
    await walk.at_desk("manager", f"/bureau/terrain/{walk.known['visit-planned'].reference}")
    yield "checklist"
    await walk.page.locator("form[data-field-form][data-ready]").wait_for()
    await walk.page.locator("form[data-field-form] [type=submit]").click()
    yield "checklist not finished"
    await walk.at_desk("manager", f"/bureau/terrain/{walk.known['visit-failed'].reference}")
    yield "correcting"


@way
async def visits_for_their_requester(walk: Walk) -> Stops:
    for name in ("works-planned", "works-failed"):
        await walk.open(name)
        yield name
    await walk.open("works-planned", "inspections", "footing")
    yield "another time"
    await walk.on("main form .buttons button[type=submit]")
    yield "another time wrong"
    await walk.open("works-planned", "inspections", "final")
    yield "must wait"
