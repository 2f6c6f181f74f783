"""The checks themselves: a fault planted in a page that is well is found, by its name."""

from typing import TYPE_CHECKING

import pytest

from .every_page import forget
from .fitness import (
    JUDGED,
    MARK_NEW_LOOKS,
    barriers,
    lost_when_zoomed,
    mistakes,
    out_of_reach,
    overflow,
    overflow_of_large_text,
)
from .people import DESK, People

if TYPE_CHECKING:
    from playwright.async_api import Page

HTML_FAULTS = {
    "a label that leads nowhere": ('<label class="govuk-label" for="reference"', '<label for="elsewhere"', "no label"),
    "an id twice": ('id="contact"', 'id="reference"', "stands 2 times"),
    "a description that is missing": ('id="reference-hint"', 'id="hint"', "which is not there"),
    "a tag that is not closed": ("</form>", "", "line"),
    "a style inside the page": ("<main ", '<main style="color: red" ', "inside the page"),
    "a script inside the page": ("</body>", "<script>1</script></body>", "inside the page"),
    "a handler inside the page": ("<main ", '<main onclick="go()" ', "inside the page"),
    "a second first heading": ("</main>", "<h1>Encore</h1></main>", "2 elements h1"),
    "another language": ('<html lang="fr-CA"', '<html lang="en-CA"', "the language"),
    "no way past the menu": ('<a href="#main"', '<a href="#nowhere"', "does not lead to the main part"),
}
SCREEN_FAULTS = {
    "a box without a label": ("document.querySelector('label[for=reference]').remove()", "label"),
    "grey on white": ("document.querySelector('main h1').style.color = '#bbb'", "color-contrast"),
    "a heading out of order": ("document.querySelector('main h1').outerHTML = '<h4>Suivre</h4>'", "heading"),
    "an image without words": ("document.querySelector('main').append(document.createElement('img'))", "image-alt"),
    "a target too small": (
        "for (const name of 'ab') { const each = document.createElement('button'); each.textContent = name;"
        " each.style.cssText = 'padding: 0; border: 0; width: 9px; height: 9px; min-height: 0; font-size: 6px';"
        " document.querySelector('main').append(each); }",
        "target-size",
    ),
    "a large target under another": (
        "const box = document.createElement('div'); document.querySelector('main').append(box);"
        " box.style.cssText = 'position: relative; height: 60px'; for (const left of [0, 9]) {"
        " const each = document.createElement('button'); each.textContent = 'a'; box.append(each);"
        " each.style.cssText = `position: absolute; left: ${left}px; width: 50px; height: 50px` }",
        "target-size",
    ),
}
FOCUS_FAULTS = {
    "a focus nobody sees": (
        "const sheet = new CSSStyleSheet(); sheet.replaceSync('* { outline: none !important; box-shadow: none "
        "!important; background: none !important; border-color: red !important; }');"
        " document.adoptedStyleSheets.push(sheet)",
        "focus not to be seen",
    ),
    "a trap": (
        "const box = document.querySelector('#reference'); box.setAttribute('data-trap', '');"
        " box.addEventListener('keydown', press => press.key === 'Tab' && press.preventDefault())",
        "never",
    ),
    "a button that Tab jumps over": ("document.querySelector('main form button:last-of-type').tabIndex = -1", "never"),
}


@pytest.fixture
async def page(people: People) -> "Page":
    """The way in to one's own request, where all is well."""
    page = await people.come("fr", width=DESK)
    await page.goto("/fr/suivi")
    return page


@pytest.mark.parametrize("fault", HTML_FAULTS)
async def test_a_fault_in_the_html_is_found(page: "Page", fault: str):
    whole, broken, told = HTML_FAULTS[fault]
    source = await (await page.request.get("/fr/suivi")).text()
    assert mistakes(source, "fr") == []
    assert whole in source
    assert any(told in each for each in mistakes(source.replace(whole, broken), "fr"))


@pytest.mark.parametrize("fault", SCREEN_FAULTS)
async def test_a_barrier_on_the_screen_is_found(page: "Page", fault: str):
    script, told = SCREEN_FAULTS[fault]
    assert await barriers(page) == []
    await page.evaluate(f"() => {{ {script} }}")
    assert any(told in each for each in await barriers(page))


async def test_contrast_is_judged_once_for_words_that_look_alike(page: "Page"):
    assert await barriers(page) == []
    assert await unjudged(page) == 0
    await page.evaluate(
        "() => { document.querySelector('main h1').after(document.querySelector('main h1').cloneNode(true)) }"
    )
    assert await unjudged(page) == 0
    await page.evaluate("() => { document.querySelector('main h1').style.color = '#123456' }")
    assert await unjudged(page) == 1


async def test_words_that_something_else_lies_on_are_judged_on_every_page(page: "Page"):
    assert await barriers(page) == []
    await page.evaluate(
        "() => { const box = document.createElement('div'); document.querySelector('main').append(box);"
        " box.style.cssText = 'position: absolute; inset: 0' }"
    )
    assert await unjudged(page) > 1


async def test_words_that_are_folded_away_are_judged_once_they_show(page: "Page"):
    await page.evaluate(
        "() => { const box = document.createElement('details'); document.querySelector('main').append(box);"
        " box.innerHTML = '<summary>Plus</summary><p id=pale>Pâle</p>';"
        " document.querySelector('#pale').style.color = '#c3c2c1' }"
    )
    assert await barriers(page) == []
    await page.evaluate("() => { document.querySelector('main details').open = true }")
    assert any("color-contrast" in each and "pale" in each for each in await barriers(page))


async def test_what_shows_nothing_lies_on_nothing(page: "Page"):
    assert await barriers(page) == []
    await page.evaluate(
        "() => { const box = document.createElement('div'); document.querySelector('main').append(box);"
        " box.style.cssText = 'position: absolute; inset: 0; visibility: hidden' }"
    )
    assert await unjudged(page) == 0


async def unjudged(page: "Page") -> int:
    """How many words axe would be shown now."""
    await page.evaluate(MARK_NEW_LOOKS, list(JUDGED))
    marked = page.locator("main [data-unjudged]")
    count = await marked.count()
    await marked.evaluate_all("all => all.forEach(each => each.removeAttribute('data-unjudged'))")
    return count


@pytest.mark.parametrize("fault", FOCUS_FAULTS)
async def test_what_the_keyboard_misses_is_found(page: "Page", fault: str):
    script, told = FOCUS_FAULTS[fault]
    assert await out_of_reach(page) == []
    await page.evaluate(f"() => {{ {script} }}")
    assert any(told in each for each in await out_of_reach(page))


async def test_the_keyboard_walks_only_where_it_has_not_been(page: "Page"):
    assert await out_of_reach(page) == []
    assert await pressed(page) == 0
    assert await page.evaluate("tabbing.all.length") > 10
    await page.evaluate(
        "() => { const link = document.createElement('a'); link.href = '#'; link.textContent = 'Encore';"
        " link.className = 'never-seen'; document.querySelector('main h1').append(link) }"
    )
    assert 0 < await pressed(page) < 10


async def pressed(page: "Page") -> int:
    """How often the focus moves when the keyboard is tried."""
    await page.evaluate("() => { window.moved = 0 }")
    await page.evaluate("() => { window.counting ??= document.addEventListener('focusin', () => moved++) ?? true }")
    assert await out_of_reach(page) == []
    moved: int = await page.evaluate("moved")
    return moved


async def test_what_sticks_out_is_found(page: "Page"):
    assert await overflow(page, DESK) == []
    await page.evaluate("() => { document.querySelector('main h1').style.width = '2000px' }")
    assert len(await overflow(page, DESK)) == 1


async def test_what_large_letters_push_out_is_found(page: "Page"):
    assert await overflow_of_large_text(page, DESK) == []
    await page.evaluate("() => { document.querySelector('main h1').style.width = '50rem' }")
    assert await overflow(page, DESK) == []
    assert len(await overflow_of_large_text(page, DESK)) == 1


ZOOM_FAULTS = {
    "wider than the half": ("document.querySelector('main h1').style.width = '700px'", "700"),
    "words that a box cuts off": (
        "document.querySelector('main h1').style.cssText = 'width: 50px; white-space: nowrap; overflow: hidden'",
        "cut off",
    ),
    "a button that is gone": (
        "const sheet = new CSSStyleSheet(); sheet.replaceSync('@media (max-width: 700px) { main form button {"
        " display: none !important } }'); document.adoptedStyleSheets.push(sheet)",
        "lost: button",
    ),
}


@pytest.mark.parametrize("fault", ZOOM_FAULTS)
async def test_what_a_zoom_takes_away_is_found(page: "Page", fault: str):
    script, told = ZOOM_FAULTS[fault]
    assert await lost_when_zoomed(page) == []
    await page.evaluate(f"() => {{ {script} }}")
    assert any(told in each for each in await lost_when_zoomed(page))


async def test_what_comes_from_elsewhere_and_what_breaks_is_found(people: People, page: "Page"):
    await page.evaluate("fetch('https://ailleurs.exemple/compteur').catch(() => 0)")
    await page.evaluate("setTimeout(() => { throw new Error('cassé') })")
    await page.wait_for_timeout(200)
    found, people.wrong = people.wrong, []
    assert any("fetched from elsewhere" in each or "ailleurs.exemple" in each for each in found)
    assert any("cassé" in each for each in found)


async def test_of_a_way_before_nothing_is_left(people: People, page: "Page"):
    await page.evaluate(
        "() => { document.cookie = 'old=1; path=/'; localStorage.old = 1; sessionStorage.old = 1;"
        " return new Promise(done => { indexedDB.open('old').onsuccess = done }).then(() => 1) }"
    )
    await forget(page, people)
    await page.goto("/fr/suivi")
    assert await page.evaluate("[document.cookie, 'old' in localStorage, 'old' in sessionStorage]") == [
        "",
        False,
        False,
    ]
    assert "old" not in [each["name"] for each in await page.evaluate("indexedDB.databases()")]
