"""Takes the pictures of the README and of the guides out of a running demo, beside this file.

    tox run -e demo                                  # in one terminal
    python docs/screenshots/take.py                  # in another; needs playwright, Pillow and Chromium

It files a report by the API and moves it at the desk, so that the pictures show something that has just happened.
"""

import io
import json
import shutil
import sys
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from urllib.request import Request, urlopen

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
DESK, PHONE = {"width": 1200, "height": 780}, {"width": 390, "height": 844}
COLOURS = 256
ADDRESS = "4563, rue Saint-Urbain"
REPORT = {
    "type": "pothole",
    "answers": {
        "size": "large",
        "surface": "cycle_path",
        "danger": False,
        "note": "Le trou est caché par une flaque quand il pleut.",
    },
    "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"},
}


def main(site: str) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-headless-shell")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        english, french = filed(site, "en"), filed(site, "fr")
        with visit(browser, site) as page:
            portal(page)
        with visit(browser, site) as page:
            sign_in(page, "311@parvis.example", "demo-311")
            work(page, english["reference"])
            work(page, french["reference"])
            take(page, "/bureau", "queue")
            take(page, f"/bureau/requete/{french['reference']}", "request")
        with visit(browser, site) as page:
            sign_in(page, "gestion@parvis.example", "demo-gestion")
            take(page, "/bureau/tableau", "figures")
        with visit(browser, site) as page:
            sign_in(page, "exploitation@parvis.example", "demo-exploitation")
            take(page, "/exploitation/extensions", "operators")
        with visit(browser, site) as page:
            take(page, french["tracking_url"], "tracking")
            letter(page, french["reference"])
        with visit(browser, site, PHONE) as page:
            take(page, "/fr/", "home-phone")
            take(page, english["tracking_url"], "tracking-phone")
        with visit(browser, site, {"width": 360, "height": 864}) as page:
            page.goto("/fr/demande/rues-et-trottoirs/nid-de-poule")
            with page.expect_event("load"):
                page.get_by_role("button", name="Continuer", exact=True).last.click()
            shoot_small(page, "errors-phone", 240)
        with visit(browser, site, {"width": 1280, "height": 1706}, dark=True) as page:
            page.goto("/en/requests?near=495+rue+Gilford&within=500")
            shoot_small(page, "list-and-map", 520)
        browser.close()
    print(f"{sum(path.stat().st_size for path in HERE.glob('*.png')):,} bytes in all")


@contextmanager
def visit(browser: Browser, site: str, size: dict[str, int] = DESK, *, dark: bool = False):
    """A person of their own, with nothing from before."""
    context = browser.new_context(
        base_url=site,
        viewport=size,
        device_scale_factor=2 if size is PHONE else 1,
        color_scheme="dark" if dark else "light",
        locale="fr-CA",
        timezone_id="America/Toronto",
    )
    yield context.new_page()
    context.close()


def filed(site: str, language: str) -> dict[str, str]:
    """A report that has just come in: its reference and private link."""
    found = json.load(urlopen(f"{site}/api/v1/addresses?q=4563+saint-urbain&limit=1"))["items"][0]
    place = {"lon": found["lon"], "lat": found["lat"], "address": found["text"]}
    body = json.dumps({**REPORT, "language": language, "place": place}).encode()
    asked = Request(f"{site}/api/v1/requests", body, {"content-type": "application/json"})
    return json.load(urlopen(asked))


def portal(page: Page) -> None:
    take(page, "/fr/", "home")
    page.goto("/fr/demande/rues-et-trottoirs/nid-de-poule/lieu")
    page.get_by_role("combobox").press_sequentially("4563 saint-urb", delay=20)
    page.get_by_role("option").first.click()
    page.wait_for_timeout(600)
    for _ in range(2):  # until the limits of a borough are in sight
        page.keyboard.press("Escape")
        page.locator(".leaflet-control-zoom-out").click()
        page.wait_for_timeout(600)
    page.evaluate("document.querySelector('main h1').scrollIntoView()")
    shoot(page, "place")


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/connexion")
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(password)
    with page.expect_event("load"):
        page.locator("main form button[type=submit]").click()


def work(page: Page, reference: str) -> None:
    """Plan the repair and say a word to the resident."""
    planned = next_monday()
    page.goto(f"/bureau/requete/{reference}")
    form = unfolded(page, "/etape/plan")
    for part in ("day", "month", "year"):
        form.locator(f"[name='plan.planned_on.{part}']").fill(str(getattr(planned, part)))
    press(page, form)
    form = unfolded(page, "/note")
    form.locator("textarea").fill("Vu sur place : 60 cm sur 40, à l’ombre du feu. Prévoir deux sacs.")
    press(page, form)


def unfolded(page: Page, action: str):
    """The form, with everything open that it is folded into."""
    form = page.locator(f"form[action$='{action}']")
    folded = page.locator("details:not([open])", has=form)
    while folded.count():
        folded.first.locator(":scope > summary").click()
    return form


def press(page: Page, form) -> None:
    with page.expect_event("load"):
        form.locator("button[type=submit]").first.click()


def next_monday() -> date:
    today = date.today()  # noqa: DTZ011, TID251 - a day that is still to come wherever the demo runs
    return today + timedelta(days=7 - today.weekday())


def letter(page: Page, reference: str) -> None:
    """The newest letter about a request, as soon as the worker has written it."""
    mine = page.locator("main table th a", has_text=reference)
    for _ in range(40):
        page.goto("/demo/courriels?a=zoe@exemple.ca")
        if mine.count() >= 2:
            break
        page.wait_for_timeout(250)
    with page.expect_event("load"):
        mine.first.click()
    page.locator("main iframe").evaluate("frame => frame.previousElementSibling.scrollIntoView()")
    shoot(page, "letter")


def take(page: Page, address: str, name: str) -> None:
    page.goto(address)
    shoot(page, name)


def shoot(page: Page, name: str) -> None:
    """The window as it is, once fonts and map are there, in few colours."""
    page.evaluate("document.fonts.ready")
    page.wait_for_load_state("load")
    page.wait_for_timeout(500)
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    in_few_colours(picture).save(HERE / f"{name}.png", optimize=True)
    print(f"{name}.png")


def shoot_small(page: Page, name: str, width: int) -> None:
    """The window as it is, made narrower, for a guide that shows several side by side."""
    page.wait_for_timeout(1500)
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    picture.resize((width, picture.height * width // picture.width)).save(HERE / f"{name}.webp", quality=60, method=6)
    print(f"{name}.webp")


def in_few_colours(picture: Image.Image) -> Image.Image:
    """The commonest colours exactly, the others by their nearest: the ground of a page must not change."""
    counted = sorted(picture.getcolors(picture.width * picture.height), reverse=True)[:COLOURS]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in counted for part in colour])
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
