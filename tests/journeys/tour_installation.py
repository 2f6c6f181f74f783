"""The tour through the operators' pages, the mailbox of the demonstration, and pages for what went wrong."""

from .tour import Stops, Walk, way
from .walking import until

OPERATORS = {
    "overview": "",
    "plugins": "/extensions",
    "modules": "/modules",
    "a module": "/modules/absences?ville=rivemont&etat=on",
    "deliveries": "/livraisons",
    "reviving": "/livraisons/relance",
    "connectors": "/connecteurs",
    "strays": "/egarees",
    "strays dropped": "/egarees?etat=ecartees",
    "circuits": "/circuits",
    "chores": "/taches",
    "clock": "/horloge",
    "settings": "/parametres",
    "people": "/personnes",
    "sign-ins": "/connexions",
    "tokens": "/jetons",
    "webhooks": "/webhooks",
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
    await walk.at_desk("operator", "/exploitation/personnes")
    await walk.on("main tbody th a")
    yield "person"
    await walk.on("section[aria-labelledby=give] form button")
    yield "role wrong"
    await walk.at_desk("operator", "/exploitation/jetons")
    await walk.on("main section[aria-labelledby=new] form button")
    yield "token wrong"
    await walk.fill(name="Tableur de la direction")
    await walk.check(where="parvis", scopes="'requests:read'")
    await walk.on("main section[aria-labelledby=new] form button")
    yield "token made"
    await walk.on("main tbody th a")
    yield "one token"
    await walk.at_desk("operator", "/exploitation/consultations")
    yield "who looked at what"


@way
async def connectors(walk: Walk) -> Stops:
    await walk.at_desk("operator", "/exploitation/connecteurs")
    await walk.on("main tbody th a")
    yield "one"
    await walk.unfold_all()
    yield "what was said"
    await walk.on("main form[action$='/verification'] button")
    yield "checked"
    await walk.on("main form[action$='/renvoi'] button")
    yield "no reference"
    await walk.page.goto("/exploitation/livraisons?etat=dead&abonne=connector:gis_arcgis")
    await walk.on("main tbody th a")
    await walk.unfold_all()
    yield "delivery with its calls"
    await walk.page.goto("/exploitation/connecteurs/gis_arcgis/comparaison")
    yield "comparison"
    await walk.on("main form .buttons button")
    yield "comparison that failed"


@way
async def strays(walk: Walk) -> Stops:
    await walk.at_desk("operator", "/exploitation/egarees")
    await walk.on("main tbody th a")
    yield "open"
    await walk.on("main form[action$='/rattachement'] button")
    yield "no reference"
    await walk.page.goto("/exploitation/egarees?etat=ecartees")
    await walk.on("main tbody th a")
    yield "dropped"


@way
async def status(walk: Walk) -> Stops:
    await walk.go(":status")
    yield "all"


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
async def crews(walk: Walk) -> Stops:
    await walk.page.goto("/demo/equipes")
    yield "nothing yet"
    await walk.on("main form[action$='/requetes'] button")
    await until(walk.page, lambda: walk.page.locator("main tbody tr"))
    yield "told"
    await walk.on("main form button[value=busy]")
    yield "busy"
    await walk.on("main form button[value=well]")


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
