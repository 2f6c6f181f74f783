"""The tour past opinions: tasks at the desk, a body outside behind its link, what the requester is told."""

from parvis_reviews.review_letters import OPINION

from .tour import Stops, Walk, way


@way
async def tasks_at_the_desk(walk: Walk) -> Stops:
    await walk.at_desk("manager", "/bureau/taches")
    await walk.unfold_all()
    yield "list"
    await walk.at_desk("manager", "/bureau/taches?etat=suite&tache=pas_la")
    yield "list empty"
    await walk.at_desk("manager", f"/bureau/taches/{walk.known[f'engineering-{walk.language}'].reference}")
    await walk.unfold_all()
    await walk.on("form[action$='/delai'] button[type=submit]")
    yield "more time wrong"
    await walk.on("main form[enctype] .buttons button")
    yield "opinion missing"
    await walk.at_desk("manager", f"/bureau/taches/{walk.known[f'zoning-{walk.language}'].reference}")
    await walk.unfold_all()
    yield "opinion corrected"
    await walk.case("manager", f"reviewed-{walk.language}")
    yield "with its request"


@way
async def a_body_outside(walk: Walk) -> Stops:
    link = walk.known[f"fire-{walk.language}"].key
    await walk.go(OPINION, link)
    yield "asked"
    await walk.on("main form .buttons button:not([name])")
    yield "missing"
    await walk.check(truck_access="yes", recommendation="favourable")
    await walk.on("main form .buttons button[name=_later]")
    yield "kept"
    await walk.on("main form .buttons button:not([name])")
    yield "given"
    await walk.go(OPINION, f"{link[:-4]}0000")
    yield "link no good"
    await walk.open(f"reviewed-{walk.language}")
    yield "told to the requester"
