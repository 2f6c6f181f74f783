"""What every page must be, for every reader and at every size; each check returns what is wrong, or nothing."""

import asyncio
import os
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import html5lib
from axe_playwright_python.base import AXE_SCRIPT

if TYPE_CHECKING:
    from playwright.async_api import Page

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "elementRef": True,  # what is shown of a page is taken of what is wrong, not of all that was looked at
    "preload": False,  # nothing here plays, and no rule in force reads style sheets
    "iframes": False,  # axe is in the page only: inside a frame it would call for an answer that never comes
}
PIN = "leaflet-marker-icon"  # pins of places close by lie on one another: the same things stand in a list


def script(name: str) -> str:
    """An expression that stands in a file beside this one."""
    return Path(__file__).with_name(name).read_text("utf-8").rstrip().rstrip(";")


NUMBERED = script("numbered.js")
WATCH_ZOOM = script("zoomed.js")
ZOOMED = {"width": 640, "height": 400}
"""What is left of a screen of 1280 by 800 when everything on it is twice as large."""
FULL = {name: 2 * size for name, size in ZOOMED.items()}
FOCUS = f"forced => (window.tabbing = (numbered => {script('focus.js')})({NUMBERED})).steps(forced)"
WALKED: set[int] = set()
"""Steps from one control to the next that the Tab key made in this process, and was seen to."""
TAB = {"type": "rawKeyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
"""The key as it goes down: that is when the focus moves."""
MARK_NEW_LOOKS = f"judged => (numbered => {script('looks.js')})({NUMBERED})(judged)"
MARK_TARGETS_APART = script("targets.js")
CONTRAST = "color-contrast"
RUN_AXE = f"""
async ([rules, selector]) => {{
  axe.configure({{
    noHtml: true,
    rules: [{{ id: "{CONTRAST}", selector }}, {{ id: "target-size", selector: ":not([data-apart])" }}],
  }});
  const later = window.setTimeout;
  window.setTimeout = (what, wait, ...more) => (wait ? later(what, wait, ...more) : void queueMicrotask(what));
  const {{ violations }} = await axe.run(rules).finally(() => (window.setTimeout = later));
  for (const name of ["data-unjudged", "data-apart"])
    for (const each of document.querySelectorAll(`[${{name}}]`)) each.removeAttribute(name);
  return violations.flatMap(({{ id, nodes }}) => nodes.map(({{ element }}) => [id, element.outerHTML.slice(0, 160)]));
}}
"""
"""Each rule of axe lets the page breathe before the next, four milliseconds each: nobody waits for this page."""
JUDGED: set[int] = set()
"""Looks of words whose contrast was found good in this process; to reckon contrast is two thirds of what axe does."""
EVERY_WORD = bool(os.environ.get("PARVIS_TEST_PICTURES"))
"""Whoever takes pictures of everything has the contrast of every single word judged."""
REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls")
UNLABELLED = {"hidden", "submit", "button", "image"}
NAMESPACE = "{http://www.w3.org/1999/xhtml}"


async def barriers(page: "Page") -> list[str]:
    """What axe-core finds: WCAG 2.2 AA and best practices; contrast once for all words that look alike."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE_SCRIPT)
    looks = [] if EVERY_WORD else await page.evaluate(MARK_NEW_LOOKS, list(JUDGED))
    await page.evaluate(MARK_TARGETS_APART)
    found = await page.evaluate(RUN_AXE, [RULES, "*" if EVERY_WORD else "[data-unjudged]"])
    if all(rule != CONTRAST for rule, _ in found):
        JUDGED.update(looks)
    return [f"{rule}: {html}" for rule, html in found if PIN not in html or rule != "target-size"]


async def overflow(page: "Page", width: int) -> list[str]:
    """What makes a page wider than the screen."""
    wide = await page.evaluate("document.documentElement.scrollWidth")
    return [f"{wide} px wide on {width}: {await page.evaluate(STICKING_OUT)}"] if wide > width else []


async def overflow_of_large_text(page: "Page", width: int) -> list[str]:
    """What makes a page wider than the screen for those who read letters of twice the size."""
    settings = await page.context.new_cdp_session(page)
    await settings.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    found = await overflow(page, width)
    await settings.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    await settings.detach()
    return [f"text of 200 %: {each}" for each in found]


async def lost_when_zoomed(page: "Page", back: bool = True) -> list[str]:
    """What sticks out, is cut off or disappears at a zoom of 200 % on a desktop screen."""
    before = page.viewport_size
    await page.set_viewport_size(FULL)  # type: ignore[arg-type]
    there = await page.evaluate(WATCH_ZOOM, None)
    await page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
    found = await overflow(page, ZOOMED["width"]) + await page.evaluate(WATCH_ZOOM, there)
    if before and back:
        await page.set_viewport_size(before)
    return [f"zoom of 200 %: {each}" for each in found]


async def assert_fit(page: "Page") -> None:
    """No barrier that axe knows of; nothing lost at a zoom of 200 %, nor with letters of twice the size."""
    found = await barriers(page) + await lost_when_zoomed(page)
    before = page.viewport_size
    await page.set_viewport_size(FULL)  # type: ignore[arg-type]
    found += await overflow_of_large_text(page, FULL["width"])
    if before:
        await page.set_viewport_size(before)
    assert found == [], f"{page.url}\n" + "\n".join(found)


STICKING_OUT = """
[...document.querySelectorAll("body *")].filter(each => each.getBoundingClientRect().right > innerWidth + 1)
  .slice(0, 3).map(each => each.outerHTML.slice(0, 120))
"""


def mistakes(source: str, language: str) -> list[str]:
    """What is wrong in the HTML itself, before any script."""
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=True)
    tree = parser.parse(source)
    wrong = [f"line {line}: {code} {data}" for (line, _), code, data in parser.errors]
    elements = [each for each in tree.iter() if isinstance(each.tag, str)]
    ids = Counter(each.get("id") for each in elements if each.get("id") is not None)
    wrong += [f"id '{id}' stands {count} times" for id, count in ids.items() if count > 1 or not id]
    for each in elements:
        name = each.tag.removeprefix(NAMESPACE)
        shown = f"<{name} {' '.join(f'{key}={value!r}' for key, value in list(each.items())[:4])}>"
        wrong += [
            f"{shown}: {attribute} names '{id}', which is not there"
            for attribute in REFERENCES
            for id in (each.get(attribute) or "").split()
            if id not in ids
        ]
        wrong += [f"{shown}: {key} is script or style inside the page" for key in dict(each.items()) if is_inline(key)]
        if name == "style" or (name == "script" and not each.get("src") and each.get("type") != "application/ld+json"):
            wrong.append(f"{shown}: script or style inside the page")
        if name in ("input", "select", "textarea") and each.get("type") not in UNLABELLED:
            labels = [one for one in elements if one.tag == f"{NAMESPACE}label" and one.get("for") == each.get("id")]
            if not (labels or each.get("aria-label") or each.get("aria-labelledby")):
                wrong.append(f"{shown}: no label")
    return wrong + frame_mistakes(elements, language)


def is_inline(attribute: Any) -> bool:
    return attribute == "style" or bool(re.fullmatch(r"on[a-z]+", str(attribute)))


def frame_mistakes(elements: list[Any], language: str) -> list[str]:
    """The language, the way past the menu, the one main part, the one first heading."""
    by_name = Counter(each.tag.removeprefix(NAMESPACE) for each in elements)
    wrong = [f"{by_name[name]} elements {name}" for name in ("main", "h1", "title") if by_name[name] != 1]
    root = elements[0]
    if root.get("lang") != f"{language}-CA":
        wrong.append(f"the language of the page is {root.get('lang')!r}")
    first = next((each for each in elements if each.tag == f"{NAMESPACE}a"), None)
    if first is None or first.get("href") != "#main" or not any(each.get("id") == "main" for each in elements):
        wrong.append("the first link does not lead to the main part")
    return wrong


async def press_tab(page: "Page", times: int) -> None:
    """So many times, in a row as when somebody holds the key; one by one where the focus goes through a frame."""
    if len(page.frames) > 1:  # another process has it then, and what is pressed while it passes over is lost
        for _ in range(times):
            await page.keyboard.press("Tab")
        return
    keyboard = await page.context.new_cdp_session(page)
    await asyncio.gather(*(keyboard.send("Input.dispatchKeyEvent", TAB) for _ in range(times)))
    await keyboard.detach()


async def out_of_reach(page: "Page", *, forced: bool = False) -> list[str]:
    """Controls that the Tab key never comes to, or that do not show that it has, perhaps in forced colours.

    It walks from the first step that nobody made yet to the last one.
    """
    steps: list[int] = await page.evaluate(FOCUS, forced)
    new = [at for at, step in enumerate(steps) if EVERY_WORD or step not in WALKED]
    if not new:
        return []
    if forced:
        await page.emulate_media(forced_colors="active")
    await press_tab(page, await page.evaluate("([first, last]) => tabbing.watch(first, last)", [new[0], new[-1]]))
    told = await page.evaluate("tabbing.told()")
    if forced:
        await page.emulate_media(forced_colors="none")
    wrong = [f"never reached: {each}" for each in told["missed"]]
    wrong += [f"focus not to be seen: {each}" for each in told["unseen"]]
    if not wrong:
        WALKED.update(steps)
    return wrong
