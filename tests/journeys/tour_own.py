"""The tour through a person's own page: the way to it, what it shows, what may be asked of the town there."""

from parvis_my_requests.addresses import own

from .portal import letter_about, press_in_letter
from .tour import Stops, Walk, way
from .words import say


@way
async def own_page(walk: Walk) -> Stops:
    await walk.go(*own())
    yield "entrance"
    await walk.fill(email="pas un courriel")
    await walk.on()
    yield "entrance wrong"
    await walk.fill(email="zoe@exemple.ca")
    await walk.on()
    yield "link sent"
    await walk.go(*own(":link"), "rien")
    yield "link over"
    await letter_about(walk.page, "zoe@exemple.ca", say("own_link", walk.language))
    await press_in_letter(walk.page, f"/{say('own', walk.language)}/")
    yield "link"
    await walk.on()
    yield "page"
    await walk.go(*own(":erase"))
    yield "erase"
    await walk.go(*own(":correct"))
    await walk.on()
    yield "correct wrong"
    await walk.fill(correction="Mon nom s’écrit Zoé Côté, avec un accent sur chaque mot.")
    await walk.on()
    yield "correction asked"
    reference = await walk.page.locator("main .reference").first.inner_text()
    await walk.on("form[action*='/leave'] button, form[action*='/quitter'] button")
    yield "left"
    await walk.at_desk("manager", f"/bureau/requete/{reference}/renseignements")
    yield "everything at the desk"
    await walk.on("form:has(#around) button")
    yield "erasure of nothing"
    await walk.page.check("#around")
    await walk.on("form:has(#around) button")
    yield "erasure to confirm"
    await walk.on("form[action$='/effacement'] button")
    yield "erasure proposed"


@way
async def own_page_without_anything(walk: Walk) -> Stops:
    email = f"personne.{walk.language}@exemple.ca"
    await walk.go(*own())
    await walk.fill(email=email)
    await walk.on()
    await letter_about(walk.page, email, say("own_link", walk.language))
    await press_in_letter(walk.page, f"/{say('own', walk.language)}/")
    await walk.on()
    yield "empty"
