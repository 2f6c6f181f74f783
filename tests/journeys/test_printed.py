"""The desk on paper: figures and a request are read there without menus, forms or addresses, whole on the sheet."""

import io

import pikepdf
import pytest

from .fitness import overflow
from .known import Known
from .people import AGENTS, DESK, HEIGHT, People
from .walking import sign_in

SHEET = 703  # a letter sheet between margins of 15 mm, in pixels of a page
PRESSED = ".menu, button, summary, select, textarea, input:not([type=hidden], [type=checkbox])"
SHOWN = f"[...document.querySelectorAll('{PRESSED}')].filter(each => each.checkVisibility()).map(each => each.name)"
AFTER = "[...document.links].map(each => getComputedStyle(each, '::after').content).filter(each => each.includes('('))"
CUT = "[...document.querySelectorAll('.table-frame')].filter(each => each.scrollWidth > each.clientWidth + 1).length"


@pytest.mark.parametrize("path", ["/bureau/tableau", "/bureau/requete/{received}"])
async def test_a_page_of_the_desk_is_printed_to_be_read(people: People, known: dict[str, Known], path: str):
    page = await people.come("fr", width=DESK)
    await sign_in(page, AGENTS["manager-fr"])
    await page.goto(path.format(received=known["received"].reference))
    assert await page.evaluate(SHOWN) != []
    await page.emulate_media(media="print")
    await page.set_viewport_size({"width": SHEET, "height": HEIGHT})
    assert await page.evaluate(SHOWN) == []
    assert await page.evaluate(AFTER) == []
    assert await page.evaluate(CUT) == 0
    assert await overflow(page, SHEET) == []


async def test_the_dashboard_is_two_sheets_for_the_council(people: People, known: dict[str, Known]):
    page = await people.come("fr", width=DESK)
    await sign_in(page, AGENTS["manager-fr"])
    await page.goto("/bureau/tableau")
    printed = await page.pdf(format="Letter", margin=dict.fromkeys(("top", "right", "bottom", "left"), "15mm"))
    with pikepdf.open(io.BytesIO(printed)) as document:
        assert len(document.pages) == 2
