"""A pothole is a work order in a real ERP; its crew closes it there with a photo; it comes back if it is not so."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from ..counterparts.tryton import Tryton, tryton
from . import desk, portal
from .fitness import assert_fit
from .people import AGENTS, DESK, PHONE, People
from .serving import served
from .walking import see, sign_in, until

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = pytest.mark.slow

EMAIL = "zoe.chantier@exemple.ca"
FILLED, AGAIN, REDONE = "Asphalte froid, deux sacs.", "Le trou est revenu après la pluie.", "Refait à chaud."
SETTINGS = """
[plugins.erp_connector.systems.works]
kind = "tryton"
address = "{address}"
login = "{login}"
company = "1"
secret_file = "{secret}"

[[plugins.erp_connector.work_orders]]
name = "work_orders"
system = "works"
every = 1

[[plugins.erp_connector.work_orders.mappings]]
types = ["pothole"]
to = "project.work"
key = "name"
columns = {{ name = "type_title", comment = "place.address" }}
read = "status"
cost = "cost"
over = ["Done"]
after = ["triage"]
again = ["reopen", "not_fixed"]
moves = {{ Done = "resolve" }}
given = {{ Done = {{ reason = "{{note}}" }} }}
cancelled = {{ progress = 1.0, status = "Done" }}
"""


@pytest.fixture
def ledger() -> Iterator[Tryton]:
    with tryton() as ledger:
        yield ledger


@pytest.fixture
def address(prepared: Path, tmp_path: Path, ledger: Tryton) -> Iterator[str]:
    """A town of its own whose potholes are work orders over there."""
    folder, secret = tmp_path / "town", tmp_path / "secret"
    shutil.copytree(prepared, folder)
    secret.write_text(ledger.password)
    with (folder / "parvis.toml").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS.format(address=ledger.url, login=ledger.login, secret=secret))
    with served(folder) as running:
        yield running.address


async def test_a_pothole_is_repaired_by_work_order_disputed_and_repaired_by_another(
    chromium_of_session: "Browser", address: str, ledger: Tryton
) -> None:
    people = People(chromium_of_session, address)
    zoe = await people.come("fr", width=PHONE, closely=True)
    reference, link = await file(zoe)
    agent = await people.come("fr", width=DESK, closely=True)
    await sign_in(agent, AGENTS["roads-fr"])
    await desk.search(agent, reference)
    assert orders_of(ledger, reference) == []
    await desk.move(agent, "triage")

    # The order stands over there; the crew closes it, and what they said and showed is read here.
    [order] = await orders_come(agent, ledger, reference, 1)
    assert order["comment"] == "1310, boulevard Saint-Joseph Est"
    ledger.finish(order["id"], hours=2, note=FILLED, photo=portal.photo("brown"))
    await until(agent, lambda: agent.locator(".case-head", has_text="Réglée"))
    await see(agent, FILLED)
    letter = await portal.letter_to(zoe, EMAIL, f"Signalement {reference}\u00a0: c’est réglé")
    assert FILLED in letter

    # It is not true: the same request is open again with her words, and the crew gets another order.
    await portal.say_not_fixed(zoe, "fr", AGAIN)
    await agent.reload()
    await see(agent, AGAIN)
    first, second = await orders_come(agent, ledger, reference, 2)
    assert (first["id"], second["name"]) == (order["id"], f"{reference}/2 Nid-de-poule")
    ledger.finish(second["id"], note=REDONE)
    await until(agent, lambda: agent.locator(".case-head", has_text="Réglée"))
    await desk.move(agent, "close")
    await zoe.goto(link)
    await see(zoe, REDONE, "Fermée")
    await expect(zoe.locator("#story img").first).to_be_visible()
    for page in (zoe, agent):
        await assert_fit(page)
    await people.leave()


async def file(page: "Page") -> tuple[str, str]:
    await portal.find_service(page, "fr", "trou dans la rue", "Nid-de-poule")
    await portal.give_place(page, "fr", "1310 saint-joseph", "1310, boulevard Saint-Joseph Est", scripts=True)
    await portal.tell_of_pothole(page, "fr", scripts=True, photos={"trou.jpg": portal.photo("black")})
    await portal.give_name(page, "fr", "named", name="Zoé Tremblay", email=EMAIL)
    return await portal.send(page, "fr")


async def orders_come(
    page: "Page", ledger: Tryton, reference: str, number: int, tries: int = 120
) -> list[dict[str, Any]]:
    """What a person of the works does: look over there until so many orders stand there."""
    for _ in range(tries):
        found = orders_of(ledger, reference)
        if len(found) == number:
            return found
        await page.wait_for_timeout(250)
    raise AssertionError(f"{number} orders never came for {reference}: {found}")


def orders_of(ledger: Tryton, reference: str) -> list[dict[str, Any]]:
    return ledger.find("project.work", ["name", "like", f"{reference}%"], fields=("name", "comment"))
