"""The tour through the portal: finding a service, its form, what is public, following."""

from .known import ONE_WORD, POINT
from .portal import last_tuesday, photo
from .tour import LIGHT, PARK, POTHOLE, Stops, Walk, way

PERMIT = {"fr": ("permis", "abattage-d-arbre"), "en": ("permits", "tree-felling")}
COLLECTION = {"fr": ("collectes", "collecte-manquee"), "en": ("waste-collection", "missed-collection")}
SNOW = {"fr": ("neige", "deneigement"), "en": ("snow", "snow-clearing")}
OUTREMONT, PLATEAU = (-73.60724, 45.52203), (-73.5727, 45.5227)
PROVINCIAL_ROAD = (-73.6372, 45.5465)
HANGING_LIGHTS = (-73.5767, 45.5316)  # a street whose lights are the power company's
FAR = (-73.9, 45.4)
HERE = f"{POINT['lat']},{POINT['lon']}"
PICTURE = {"name": f"{ONE_WORD[:80]}.jpg", "mimeType": "image/jpeg", "buffer": photo()}


@way
async def finding_a_service(walk: Walk) -> Stops:
    await walk.go()
    yield "home"
    await walk.go(":services")
    yield "services"
    await walk.go(":services", POTHOLE[walk.language][0])
    yield "theme"
    await walk.go(":search", q="trou")
    yield "found"
    await walk.go(":search", q="feu de circulation brisé")
    yield "found, not sure"
    await walk.go(":search", q=f"zzzz {ONE_WORD}"[:190])
    yield "nothing found"
    await walk.go(":privacy")
    yield "privacy"


@way
async def beginning_otherwise(walk: Walk) -> Stops:
    await walk.go(":begin", ":photo")
    yield "photo"
    await walk.on()
    yield "photo missing"
    await walk.page.locator("#photo").set_input_files([PICTURE])
    await walk.on()
    yield "place of a photo that tells none"
    await walk.fill(place="rue Berri")
    await walk.on()
    yield "several addresses"
    await walk.go(":begin", ":place", lieu=f"{ONE_WORD[:60]} 12")
    yield "address unknown"
    await walk.go(":begin", ":place", lieu=HERE)
    await walk.on()
    yield "what is here"
    await walk.go(":begin", lieu=HERE, q="voisin bruyant")
    yield "what is here, in words"
    await walk.go(":begin", lieu="{1},{0}".format(*PROVINCIAL_ROAD), service="pothole")
    yield "of somebody else"
    await walk.go(":begin", actif="equipment/003-0058", service="park_equipment", mots=ONE_WORD[:190])
    yield "a link with everything"
    await walk.go(":begin", actif="disparu", service="rien", lieu="48.858,2.294")
    yield "a link that means nothing here"


@way
async def saying_where(walk: Walk) -> Stops:
    await walk.go(":apply", *POTHOLE[walk.language])
    yield "asked"
    await walk.on()
    yield "missing"
    await walk.check(danger="no")
    await walk.fill(place="rue Berri")
    await walk.on()
    yield "several addresses"
    await walk.on()
    yield "none chosen"
    await walk.fill(place="")
    await walk.pin(*PROVINCIAL_ROAD)
    await walk.on()
    yield "of somebody else"
    await walk.pin(POINT["lon"], POINT["lat"])
    await walk.on()
    yield "already reported"
    await walk.go(":apply", *POTHOLE[walk.language])
    await walk.fill(place="")
    await walk.pin(*FAR)
    await walk.on()
    yield "outside the town"


@way
async def pointing_at_things(walk: Walk) -> Stops:
    await walk.go(":apply", *PARK[walk.language])
    await walk.fill(place="4563, rue Saint-Urbain")
    await walk.on()
    yield "things to choose among"
    await walk.on()
    yield "nothing chosen"
    await walk.go(":apply", *LIGHT[walk.language])
    await walk.pin(*HANGING_LIGHTS)
    await walk.on()
    yield "passed on to somebody else"


@way
async def filling_in(walk: Walk) -> Stops:
    await walk.go(":apply", *POTHOLE[walk.language])
    await walk.fill(place_words="Devant la bibliothèque, côté nord.")
    await walk.on()
    yield "questions missing"
    await walk.page.locator("details.more > summary").click()
    await walk.check(size="large", surface="lane", danger="yes")
    await walk.page.locator("input[type=file]").set_input_files([PICTURE])
    yield "questions answered"
    await walk.on()
    yield "identity and a last look"
    await walk.fill(email="pas un courriel", phone="12")
    await walk.on()
    yield "identity wrong"
    await walk.fill(email="", phone="")
    await walk.check(mode="anonymous")
    await walk.on()
    yield "receipt"


@way
async def long_forms(walk: Walk) -> Stops:
    await walk.go(":apply", *PERMIT[walk.language])
    await walk.fill(place="4563, rue Saint-Urbain")
    await walk.pin(POINT["lon"], POINT["lat"])
    await walk.on()
    yield "permit questions"
    await walk.check(applicant="owner", boundary="no")
    await walk.on()
    await walk.on("button[name=_add]")
    await walk.on()
    yield "permit rows missing"


@way
async def another_town(walk: Walk) -> Stops:
    """Its own colours; English only for those who declare that they are entitled to it."""
    home = f"{walk.address.replace('127.0.0.1', 'localhost')}/{walk.language}/"
    await walk.page.goto(home)
    yield "home"
    if walk.language == "en":
        await walk.on()
        yield "nothing declared"
        await walk.check(ground="education")
        await walk.on()
        yield "home declared"
    form = {"fr": "demande/arbres-et-parcs/equipement-de-parc", "en": "request/trees-and-parks/park-equipment"}
    await walk.page.goto(f"{home}{form[walk.language]}")
    yield "a service diverted elsewhere"


@way
async def answers_before_forms(walk: Walk) -> Stops:
    collection, snow = COLLECTION[walk.language], SNOW[walk.language]
    await walk.go(":services", *collection)
    yield "the page of a service"
    await walk.on("#answer-late_truck button")
    yield "an answer that was enough"
    await walk.go(":services", *PERMIT[walk.language])
    yield "the page of a permit"
    await walk.go(":services", *snow)
    yield "a service with an operation under way"
    await walk.go(":apply", *snow)
    await walk.fill(place="1075, avenue Bernard")
    await walk.pin(*OUTREMONT)
    await walk.on()
    yield "an operation to follow"
    await walk.go(":apply", *collection)
    await walk.fill(place="4001, rue Berri")
    await walk.pin(*PLATEAU)
    await walk.on()
    await walk.check(stream="recycling", neighbours="unknown")
    await walk.on()
    yield "when it comes, beside the day"
    day = last_tuesday()
    await walk.page.locator("[name='collection_day.day']").fill(str(day.day))
    await walk.page.locator("[name='collection_day.month']").fill(str(day.month))
    await walk.page.locator("[name='collection_day.year']").fill(str(day.year))
    await walk.on()
    yield "not that day"
    await walk.on("button[value=settled]")
    yield "no request was made"


@way
async def what_is_public(walk: Walk) -> Stops:
    await walk.go(":list")
    yield "list"
    await walk.go(":list", near="4563, rue Saint-Urbain", phase="open", vue="carte")
    yield "list near, map"
    await walk.go(":list", near="nulle part zzz", type="pothole", period="30")
    yield "list of an unknown address"
    await walk.go(":list", q=ONE_WORD[:150])
    yield "list empty"
    await walk.go(":figures")
    yield "figures"
    await walk.go(":public", walk.known["long"].reference)
    yield "long"
    await walk.go(":public", walk.known["closed"].reference)
    yield "closed"
    await walk.go(":follow", walk.known["received"].reference)
    yield "follow"
    await walk.on()
    yield "follow wrong"
    await walk.fill(email=f"tour.{walk.language}@exemple.ca")
    await walk.on()
    yield "follow sent"
    await walk.go(":public", walk.known["received"].reference)
    await walk.page.locator("footer a[rel=nofollow]").click()
    yield "report a page"
    await walk.on()
    yield "report wrong"
    await walk.check(why="person")
    await walk.fill(words=ONE_WORD[:150])
    await walk.on()
    yield "report sent"
