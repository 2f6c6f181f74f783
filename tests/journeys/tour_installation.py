"""The tour through the operators' pages, the mailbox of the demonstration, and pages for what went wrong."""

from .tour import Stops, Walk, way

OPERATORS = {
    "overview": "",
    "plugins": "/extensions",
    "deliveries": "/livraisons",
    "reviving": "/livraisons/relance",
    "circuits": "/circuits",
    "chores": "/taches",
    "settings": "/parametres",
    "people": "/personnes",
    "tokens": "/jetons",
    "retention": "/conservation",
    "histories": "/historiques",
    "payments": "/paiements",
}


@way
async def operators(walk: Walk) -> Stops:
    for name, path in OPERATORS.items():
        await walk.at_desk("operator", f"/exploitation{path}")
        yield name
    await walk.at_desk("operator", "/exploitation/livraisons?etat=done")
    await walk.on("main tbody th a")
    yield "delivery"


@way
async def mailbox(walk: Walk) -> Stops:
    await walk.page.goto("/demo/courriels")
    yield "full"
    await walk.page.goto("/demo/courriels?a=personne@exemple.ca")
    yield "empty"
    await walk.page.goto("/demo/courriels?a=zoe@exemple.ca")
    await walk.on("main table th a")
    yield "letter"


@way
async def components(walk: Walk) -> Stops:
    await walk.page.goto(f"/{walk.language}/demo/composants")
    yield "all"


@way
async def errors(walk: Walk) -> Stops:
    await walk.go("nulle-part")
    yield "nothing there"
    await walk.go(":track")
    await walk.fill(reference="7K3M-9QXT-4", contact="zoe@exemple.ca")
    await walk.page.context.clear_cookies()
    await walk.on()
    yield "form too old"
