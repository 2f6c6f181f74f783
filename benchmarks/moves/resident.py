"""Ten ways of residents on a telephone, from what they know to the receipt; whatever pages ask on the way is told."""

import io
import re
from datetime import timedelta
from functools import cache
from typing import Any

from msgspec import Struct

from benchmarks.moves.hands import Hands
from parvis import clock

TELEPHONE = True
TOLD = (
    "On a telephone of 390 by 844 pixels, in French and in English (`French / English` where they differ). A person "
    "gives their name and an e-mail, where it says so one photo, and answers only what must be answered. Taps are "
    "presses, a chosen file among them; loads are pages waited for after the first; seconds are those of the "
    "keystroke-level model: 1.1 for a tap, 0.28 for a sign, 1.35 to find one’s way on a page."
)
NAME = "Zoé Tremblay"
ANSWERS = {
    "mode": "named",
    "name": NAME,
    "email": "zoe@exemple.ca",
    "danger": "no",
    "description": "Musique très forte.",
}
NO_HARM = ("no", "named", "none")
LANGUAGE_WORDS = {
    "pothole": {"fr": "Nid-de-poule", "en": "Pothole"},
    "graffiti": {"fr": "tag sur un mur", "en": "graffiti on a wall"},
    "noise": {"fr": "/fr/demande/voisinage/bruit", "en": "/en/request/neighbourhood/noise"},
}
FORM = "#step-form"
ASKED = """form => [...form.querySelectorAll("[data-question]")]
  .filter(each => !each.querySelector("[data-question]") && each.checkVisibility())
  .filter(each => !each.classList.contains("is-off"))
  .map(each => {
    const every = [...each.querySelectorAll("input, textarea, select")];
    const boxes = every.filter(box => box.type !== "hidden" && !box.disabled);
    const isBox = box => ["radio", "checkbox"].includes(box.type);
    const ticked = boxes.some(box => isBox(box) ? box.checked : box.value !== "");
    return {
      name: each.dataset.question, kind: each.dataset.kind, boxes: boxes.length,
      is_answered: ticked || Boolean(each.querySelector("[data-kept]")),
      is_required: boxes.length > 0 && !each.querySelector("label .optional, legend .optional"),
    };
  })"""


class Said(Struct, frozen=True, kw_only=True):
    """What somebody has to say: where it is, with a photo or without, and what of all that is known already."""

    address: str = ""
    photo: bool = False


@cache
def photo(at: tuple[float, float] | None = None) -> bytes:
    """A picture as a telephone takes it; `at` is the latitude and longitude that it wrote down."""
    from PIL import Image
    from PIL.ExifTags import IFD

    picture, exif, held = Image.effect_noise((640, 480), 60).convert("RGB"), Image.Exif(), io.BytesIO()
    for number, (degrees, sides) in enumerate(zip(at or (), ("NS", "EW"), strict=bool(at))):
        minutes = abs(degrees) % 1 * 60
        exif.get_ifd(IFD.GPSInfo)[1 + 2 * number] = sides[degrees < 0]
        exif.get_ifd(IFD.GPSInfo)[2 + 2 * number] = (float(int(abs(degrees))), float(int(minutes)), minutes % 1 * 60)
    picture.save(held, "JPEG", exif=exif)
    return held.getvalue()


async def from_home(hands: Hands) -> None:
    await hands.begin_at(f"/{hands.language}/")
    await _choose_pothole(hands)
    await _file(hands, Said(address={"fr": "4001 rue berri", "en": "5115 rue rivard"}[hands.language], photo=True))


async def from_a_photo(hands: Hands) -> None:
    page = hands.page
    await hands.begin_at(f"/{hands.language}/")
    await hands.settle()
    taken = photo({"fr": (45.52338, -73.57915), "en": (45.52721, -73.58268)}[hands.language])
    at_home = page.locator("main a[data-photo-first]")
    if await at_home.count():
        async with page.expect_file_chooser() as chooser:
            await hands.tap(at_home)
        async with page.expect_event("load"):
            await (await chooser.value).set_files([{"name": "trou.jpg", "mimeType": "image/jpeg", "buffer": taken}])
        await hands.settle()
    else:
        await hands.tap(page.locator("main a[href$='/photo']").first, leads_on=True)
        await hands.choose_file(page.locator("#photo"), "trou.jpg", taken)
        await hands.tap(page.locator("main form .buttons button").first, leads_on=True)
    await _name_the_service(hands, "pothole")
    await _file(hands, Said(photo=True))


async def from_a_code(hands: Hands) -> None:
    begin = {"fr": "commencer", "en": "begin"}[hands.language]
    lamp = {"fr": "LR-04101", "en": "LR-04103"}[hands.language]
    await hands.begin_at(f"/{hands.language}/{begin}?service=street_light&actif=street_lights/{lamp}")
    await _begin(hands)
    await _file(hands, Said())


async def by_words(hands: Hands) -> None:
    await hands.begin_at(f"/{hands.language}/")
    await hands.settle()
    await hands.write(hands.page.locator("#q-box"), LANGUAGE_WORDS["graffiti"][hands.language])
    first = hands.page.locator("#found-services a[href*='graffiti']").first
    await first.wait_for()
    await hands.tap(first, leads_on=True)
    await _file(hands, Said(address={"fr": "4550 rue garnier", "en": "4285 rue drolet"}[hands.language], photo=True))


async def joining(hands: Hands) -> None:
    """Somebody else has filed the same hole just before."""
    said = Said(address={"fr": "6028 rue marquette", "en": "7285 rue chabot"}[hands.language])
    await hands.page.goto(f"/{hands.language}/")
    await _choose_pothole(hands)
    await _file(hands, said)
    await hands.page.context.clear_cookies()
    hands.begin_anew()
    await hands.begin_at(f"/{hands.language}/")
    await _choose_pothole(hands)
    await _file(hands, said, until="#similar")
    await hands.write(hands.page.locator("#similar input[type=email]").first, "voisine@exemple.ca")
    await hands.tap(hands.page.locator("#similar form button").first, leads_on=True)


async def from_a_place(hands: Hands) -> None:
    await hands.begin_at(f"/{hands.language}/")
    await hands.settle()
    await hands.tap(hands.page.locator("main a[href$='/lieu'], main a[href$='/place']").first, leads_on=True)
    await _write_address(hands, {"fr": "955 avenue du mont-royal est", "en": "1212 rue rachel est"}[hands.language])
    await hands.tap(hands.page.locator("main form .buttons button").first, leads_on=True)
    await _name_the_service(hands, "graffiti")
    await _file(hands, Said(photo=True))


async def following(hands: Hands) -> None:
    page = hands.page
    reference = (await _public_references(hands, "open"))[0]
    await hands.begin_at(f"/{hands.language}/{ {'fr': 'requete', 'en': 'request'}[hands.language] }/{reference}")
    box = page.locator("main input[type=email]")
    if not await box.count():
        await hands.tap(page.locator("main a[href*='/suivre'], main a[href*='/follow']").first, leads_on=True)
    await hands.write(box.first, "voisine@exemple.ca")
    await hands.tap(page.locator("main form:has(input[type=email]) button[type=submit]").last, leads_on=True)


async def answering(hands: Hands) -> None:
    page = hands.page
    await _open_letter(
        hands, "waiting_for_you", r"une question pour vous|a question for you", lambda link: "?cle=" in link
    )
    button = page.locator("section[aria-labelledby=question-title] a.button")
    if await button.count():
        await hands.tap(button, leads_on=True)
    await hands.write(page.locator("main textarea:visible").first, "Devant le numéro 12.")
    form = page.locator("main form:has(textarea)").last
    await hands.tap(form.locator("button[type=submit]:visible").last, leads_on=True)


async def complaining(hands: Hands) -> None:
    await hands.begin_at(LANGUAGE_WORDS["noise"][hands.language])
    await _file(hands, Said(address={"fr": "4001 rue berri", "en": "5115 rue rivard"}[hands.language]))


async def not_fixed(hands: Hands) -> None:
    page = hands.page
    await _open_letter(hands, "decided", r"c’est réglé|it is done", _disputes)
    await hands.write(page.locator("main textarea:visible").first, "Il est encore là.")
    box = page.locator("main input[type=file]")
    await hands.choose_file(box.first, "encore.jpg", photo())
    form = page.locator("main form:has(textarea)").last
    await hands.tap(form.locator("button[type=submit]:visible:not([name])").last, leads_on=True)


WAYS = {
    "a pothole with a photo and an address, from home": from_home,
    "a pothole from a photo that tells where it was taken": from_a_photo,
    "a street light, from the code on its post": from_a_code,
    "graffiti, by words searched on home": by_words,
    "joining the request of a neighbour": joining,
    "graffiti from a place, then its service": from_a_place,
    "following a public request": following,
    "answering a question of the town": answering,
    "a complaint about noise (a long form)": complaining,
    "saying that it is not fixed": not_fixed,
}


async def _choose_pothole(hands: Hands) -> None:
    await hands.settle()
    name = LANGUAGE_WORDS["pothole"][hands.language]
    await hands.tap(hands.page.locator("main").get_by_role("link", name=name, exact=True).first, leads_on=True)


async def _name_the_service(hands: Hands, code: str) -> None:
    """Past a place that is to be confirmed, where it is asked, to the service among those offered."""
    button = hands.page.locator(f"button[name=service][value={code}]")
    if not await button.count():
        await hands.tap(hands.page.locator("main form .buttons button").first, leads_on=True)
    await hands.tap(button.first, leads_on=True)


async def _begin(hands: Hands) -> None:
    """Where a page stands before the form: its one button."""
    while not await hands.page.locator(FORM).count():
        await hands.tap(hands.page.locator("main .buttons .button").first, leads_on=True)


async def _file(hands: Hands, said: Said, until: str = ".receipt") -> None:
    """Page by page, whatever is asked, until the receipt."""
    page = hands.page
    for _ in range(14):
        await hands.settle()
        if await page.locator(until).count():
            return
        if await page.locator("#similar").count():
            await hands.tap(page.locator("main form .buttons button").last, leads_on=True)
            continue
        await _begin(hands)
        await _say_where(hands, said)
        await _answer_all(hands, said)
        await hands.tap(page.locator(f"{FORM} > .buttons button").first, leads_on=True)
    raise AssertionError(f"no end: {await page.locator('main').inner_text()}")


async def _say_where(hands: Hands, said: Said) -> None:
    box = hands.page.locator(f"{FORM} #place")
    is_asked = said.address and await box.count() and await box.is_visible() and not await box.input_value()
    if is_asked:
        await _write_address(hands, said.address)


async def _write_address(hands: Hands, words: str) -> None:
    await hands.page.get_by_role("combobox").first.wait_for()
    await hands.write(hands.page.locator("#place"), words)
    await hands.page.get_by_role("option").first.wait_for()
    await hands.tap(hands.page.get_by_role("option").first)


async def _answer_all(hands: Hands, said: Said) -> None:
    """In the order of the page; what an answer opens is answered too."""
    done: set[str] = set()
    while True:
        asked = await hands.page.locator(FORM).evaluate(ASKED)
        left = [each for each in asked if each["name"] not in done and _is_wanted(each, said)]
        if not left:
            return
        done.add(left[0]["name"])
        await _answer(hands, left[0])


def _is_wanted(asked: dict[str, Any], said: Said) -> bool:
    if asked["is_answered"]:
        return False
    if asked["kind"] == "photo":
        return said.photo
    return bool(asked["is_required"] or asked["name"] in ("email",))


async def _answer(hands: Hands, asked: dict[str, Any]) -> None:
    name, kind = asked["name"], asked["kind"]
    question = hands.page.locator(f"[data-question='{name}']")
    given = ANSWERS.get(name, "")
    if kind == "photo":
        await hands.choose_file(question.locator("input[type=file]"), "trou.jpg", photo())
        await question.locator("ul.files li").first.wait_for()
    elif kind == "date":
        day = clock.now() - timedelta(days=3)
        for part in (day.day, day.month, day.year):
            await hands.write(question.locator("input").nth([day.day, day.month, day.year].index(part)), str(part))
    elif kind in ("one_of", "several_of", "yes_no", "consent"):
        named = [question.locator(f"input[value='{value}']") for value in (given, *NO_HARM) if value]
        boxes = [each for each in named if await each.count()]
        box = boxes[0] if boxes else question.locator("input").first
        await hands.tap(hands.page.locator(f"label[for='{await box.get_attribute('id')}']"))
    else:
        plain = {"address": "4001, rue Berri", "time": "08:00", "number": "1", "phone": "514 555-0123"}
        await hands.write(question.locator("input, textarea").first, given or plain.get(kind, "Devant la maison."))
        await hands.page.keyboard.press("Escape")


async def _public_references(hands: Hands, phase: str) -> list[str]:
    """The newest public requests in a phase."""
    there = {"fr": "requetes", "en": "requests"}[hands.language]
    found: list[str] = []
    for number in range(1, 13):
        answer = await hands.page.request.get(f"/{hands.language}/{there}?phase={phase}&page={number}")
        found += re.findall(r'data-reference="([0-9A-Z-]+)"', await answer.text())
    return list(dict.fromkeys(found))


async def _open_letter(hands: Hands, phase: str, subject: str, is_wanted: Any) -> None:
    """Open the link of a letter of that subject, in the mailbox of the demo, about a request that still asks."""
    others: list[str] = []
    for reference in await _public_references(hands, phase):
        listed = await (await hands.page.request.get(f"/demo/courriels?q={reference}")).text()
        for href, title in re.findall(r'<a href="(/demo/courriels/[0-9a-f-]+)"[^>]*>([^<]+)', listed):
            if not re.search(subject, title):
                continue
            letter = await (await hands.page.request.get(href)).text()
            links = [each.replace("&amp;", "&") for each in re.findall(r'href="(https?://[^"]+)"', letter)]
            link = next((each for each in links if is_wanted(each)), "")
            if link and f"/{hands.language}/" not in link:
                others.append(link)
            elif link and await _still_asks(hands, link):
                return
    for link in others:  # nobody who writes in that language is left
        if await _still_asks(hands, link):
            return
    raise AssertionError(f"no letter: {subject}")


def _opens(link: str) -> bool:
    return "?cle=" in link


def _disputes(link: str) -> bool:
    return "reponse=non" in link


async def _still_asks(hands: Hands, link: str) -> bool:
    await hands.page.goto("/" + link.split("/", 3)[3])
    asking = hands.page.locator("main textarea:visible, section[aria-labelledby=question-title] a.button")
    hands.begin_anew()
    hands.moves.taps += 1
    return bool(await asking.count())
