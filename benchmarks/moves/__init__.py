"""In how many moves people get there: taps, pages loaded, signs typed and seconds of usual ways, in a real browser."""

import asyncio
import contextlib
import io
import shutil
from importlib import import_module
from typing import Any

from playwright.async_api import Error, async_playwright

from benchmarks.moves.hands import COLUMNS, Hands, Moves
from benchmarks.moves.mails import send_mails
from benchmarks.phones import served
from benchmarks.tables import table
from benchmarks.towns import folder, lived_in, settings_for

WHO = {"benchmarks.moves.resident": "Moves of residents", "benchmarks.moves.desk": "Moves at the desk"}
"""The people whose ways are counted: a module of each, with `TELEPHONE` (whether they hold one), `TOLD` (what is said
of the table) and `WAYS` (what is done with two hands, by its name)."""
LANGUAGES = ("fr", "en")
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def measure(at: str = "") -> str:
    """The tables of the ways at an address that is served already, or at a demo town of its own."""
    if at:
        return asyncio.run(_measured(at.rstrip("/")))
    with folder() as place:
        settings = settings_for(place)
        with contextlib.redirect_stdout(io.StringIO()):
            asyncio.run(lived_in(settings))
            asyncio.run(send_mails(settings))
        with served(settings, place) as address:
            return asyncio.run(_measured(address))


async def _measured(address: str) -> str:
    async with async_playwright() as playwright:
        found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
        browser = await playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            return "\n\n".join([await _table(browser, address, name, title) for name, title in WHO.items()])
        finally:
            await browser.close()


async def _table(browser: Any, address: str, name: str, title: str) -> str:
    people = import_module(name)
    rows = []
    for way, walk in people.WAYS.items():
        walked = [await _walked(browser, address, people.TELEPHONE, walk, language) for language in LANGUAGES]
        rows.append([way, *(_either(*figures) for figures in zip(*walked, strict=True))])
    return f"## {title}\n\n{people.TOLD}\n\n" + table(["way", *COLUMNS], rows)


async def _walked(browser: Any, address: str, telephone: bool, walk: Any, language: str) -> list[str]:
    """The figures of one way in one language, in a browser that knows nothing; or what stopped it."""
    size = {"width": 390, "height": 844} if telephone else {"width": 1280, "height": 900}
    context = await browser.new_context(
        base_url=address, viewport=size, locale=f"{language}-CA", has_touch=telephone, reduced_motion="reduce"
    )
    context.set_default_timeout(20_000)
    hands = Hands(await context.new_page(), language)
    try:
        await walk(hands)
    except (AssertionError, Error) as stopped:
        return [f"stopped at {hands.page.url}: {str(stopped).splitlines()[0]}", *("–" for _ in COLUMNS[1:])]
    finally:
        await context.close()
    return _figures(hands.moves)


def _either(first: str, second: str) -> str:
    return first if first == second else f"{first} / {second}"


def _figures(moves: Moves) -> list[str]:
    return [str(moves.taps), str(moves.loads), str(moves.signs), f"{moves.seconds:.0f}"]
