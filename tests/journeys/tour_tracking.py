"""The tour through the private pages of requests in every situation."""

from .portal import letter_about
from .tour import Stops, Walk, way


@way
async def coming_to_a_request(walk: Walk) -> Stops:
    await walk.go(":track")
    yield "entrance"
    await walk.fill(reference="7K3M-9QXT-9")
    await walk.on()
    yield "entrance wrong"
    await walk.fill(reference=walk.known["answered"].reference, contact="zoe@exemple.ca")
    await walk.on()
    yield "link sent"
    await walk.go(":track", ":link", "rien")
    yield "link over"
    await letter_about(walk.page, "zoe@exemple.ca", f"lien vers la requête {walk.known['answered'].reference}")
    await walk.go(":track", ":link", await token_in_letter(walk, "/suivi/lien/"))
    yield "link"
    await walk.on()
    await walk.on("form[action$='/quitter-cet-appareil'] button, form[action$='/leave-this-device'] button")
    yield "left"


@way
async def taking_a_change_of_contact_back(walk: Walk) -> Stops:
    changed = walk.known[f"changed-{walk.language}"]
    await walk.go(":track", changed.reference, ":restore", "rien")
    yield "over"
    await walk.go(":track", changed.reference, ":restore", changed.key)
    yield "asked"
    await walk.on()
    yield "done"


async def token_in_letter(walk: Walk, part: str) -> str:
    """What stands behind these words in the link of the letter that is open."""
    link = await walk.page.locator(f"main ul.links a[href*='{part}']").first.get_attribute("href")
    return str(link).partition(part)[2]


@way
async def own_requests(walk: Walk) -> Stops:
    for name in ("received", "waiting", "resolved", "closed", "anonymous", "long", "noise", "scanned"):
        await walk.open(name)
        yield name


@way
async def after_sending(walk: Walk) -> Stops:
    await walk.open("received", ":receipt")
    yield "receipt"
    await walk.on("form button[value=email]")
    yield "receipt sent"
    await walk.open("anonymous", ":receipt")
    yield "receipt without contact"
    for name in ("answered", "late"):
        await walk.open(name)
        yield name


@way
async def is_it_settled(walk: Walk) -> Stops:
    await walk.open("resolved", ":settled")
    yield "question"
    await walk.open("closed", ":do", "not_fixed")
    yield "not fixed"
    for name in ("settled", "thrice", "received"):
        await walk.open(name, ":settled")
        yield name
    await walk.open("thrice")
    yield "thrice its page"


@way
async def acting_on_a_request(walk: Walk) -> Stops:
    await walk.open("received")
    await walk.on("form[action$='/message'] button[type=submit]")
    yield "message empty"
    not_kept = [{"name": name, "mimeType": "image/jpeg", "buffer": b"<html>"} for name in ("a.jpg", "b" * 90 + ".pdf")]
    await walk.page.locator("#files").set_input_files(not_kept)
    await walk.on("form[action$='/message'] button[type=submit]")
    yield "files refused"
    await walk.open("received", ":do", "withdraw")
    yield "withdraw"
    await walk.open("waiting", ":do", "answer")
    yield "answer"
    await walk.open("received", ":messages")
    yield "messages"
    await walk.open("received", ":contact")
    await walk.fill(email="x")
    await walk.on()
    yield "contact wrong"
    await walk.open("noise", ":occurrence")
    await walk.on()
    yield "occurrence missing"
