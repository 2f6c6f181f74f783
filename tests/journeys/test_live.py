"""An open page shows what the desk does, and does not keep the town's server from ending."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.async_api import expect

from . import desk
from .known import Known
from .people import AGENTS, DESK, People
from .serving import GRACE, served
from .walking import sign_in

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page


async def left_open(page: "Page", address: str, known: Known) -> None:
    """The page of a request, its stream flowing."""
    async with page.expect_response(lambda answer: "/en-direct" in answer.url) as stream:
        await page.goto(f"{address}/fr/suivi/{known.reference}?cle={known.key}")
    assert (await (await stream.value).all_headers())["content-type"].startswith("text/event-stream")


async def test_an_open_page_follows_the_desk_and_leaves_alone_what_is_being_typed(
    people: People, known: dict[str, Known]
):
    resident = await people.come("fr")
    await left_open(resident, people.address, known["live"])
    await resident.locator("#words").fill("Je voulais vous dire")
    await resident.evaluate("() => { window.sameOne = true }")

    agent = await people.come("fr", width=DESK)
    await sign_in(agent, AGENTS["roads-fr"])
    await desk.search(agent, known["live"].reference)
    await desk.move(agent, "triage")

    await expect(resident.locator("[data-live-part=standing]")).to_contain_text("Prise en charge", timeout=15_000)
    await expect(resident.locator("[data-live-part=story] li")).to_have_count(2)
    await expect(resident.locator("#words")).to_have_value("Je voulais vous dire")
    assert await resident.evaluate("window.sameOne")


async def test_the_end_of_the_server_waits_for_no_open_page(
    chromium_of_session: "Browser", prepared: Path, known: dict[str, Known], tmp_path: Path
):
    folder = tmp_path / "town"
    shutil.copytree(prepared, folder)
    with served(folder) as town:
        people = People(chromium_of_session, town.address)
        for _ in range(3):
            await left_open(await people.come("fr"), town.address, known["live"])
        seconds = town.stop()
        assert town.process.returncode == 0
        assert seconds < GRACE
        assert "Traceback" not in town.said()
    for context in people.contexts:
        await context.close()
