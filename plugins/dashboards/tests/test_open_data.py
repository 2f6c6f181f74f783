"""Open data on a real database: what public pages tell and nothing else, in pieces, of services that came often."""

import csv
from datetime import UTC, datetime
from pathlib import Path

from parvis import clock
from parvis.db import counted
from parvis.requests.actors import Actor
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis_dashboards import open_data as module
from parvis_dashboards.open_data import COLUMNS, open_data
from parvis_dashboards.published import LEAST

ANA = Actor(kind="agent", id="ana", name="Ana")
NEW_YEAR = datetime(2026, 1, 1, 5, 30, tzinfo=UTC)  # half past midnight in the town
GUIDE = Path(__file__).parents[3] / "docs" / "figures.md"


async def rows_of(town, year=2026):
    types = town.host.plugins.request_types
    services = {code: request_type.title for code, request_type in types.items() if request_type.visibility.public}
    pieces = [piece async for piece in open_data(town.host.jurisdictions.jurisdiction("parvis"), services, year)]
    return pieces, list(csv.DictReader("".join(pieces).removeprefix("\ufeff").splitlines()))


async def test_each_public_request_is_a_line_of_what_its_page_tells(town):
    with clock.moved_to(NEW_YEAR) as time:
        references = [(await town.submit("hole", answers={"danger": True, "words": "Chez Zoé"})).reference]
        references += [(await town.submit("hole")).reference for _ in range(LEAST)]
        quarrels = [(await town.submit("quarrel")).reference for _ in range(LEAST)]
        await make_move(town.host, references[0], "resolve", {}, actor=ANA, mover="agent")
        await make_move(town.host, references[-1], "resolve", {}, actor=ANA, mover="agent")
        await erase(town.host, references.pop(), actor=ANA)
        time.forward(days=400)
        await town.submit("hole")
    pieces, rows = await rows_of(town)
    assert list(rows[0]) == [column.code for column in COLUMNS]
    assert sorted(row["reference"] for row in rows) == sorted(references)
    [closed] = [row for row in rows if row["closed_on"]]
    assert (closed["received_on"], closed["closed_on"], closed["business_days"]) == ("2026-01-01", "2026-01-01", "0.0")
    assert (closed["service"], closed["service_fr"], closed["phase"]) == ("hole", "Trou", "closed")
    whole = "".join(pieces)
    assert not any(secret in whole for secret in ("Zoé", "Rachel", "5550101", "555-0101", *quarrels))
    assert (await rows_of(town, 2025))[1] == []
    assert (await rows_of(town, 2027))[1] == []  # one alone would say more about a person than about the town


async def test_it_is_read_in_pieces_that_lose_nothing(town, monkeypatch):
    monkeypatch.setattr(module, "TOGETHER", 3)
    monkeypatch.setattr(module, "ROWS", module.ROWS.replace("LIMIT 1000", "LIMIT 3"))
    with clock.moved_to(NEW_YEAR):
        references = [(await town.submit("hole")).reference for _ in range(8)]
    with counted() as asked:
        pieces, rows = await rows_of(town)
    assert sorted(row["reference"] for row in rows) == sorted(references)
    assert (len(pieces), asked.count) == (4, 4)


def test_the_guide_explains_each_column_in_both_languages():
    lines = GUIDE.read_text("utf-8").splitlines()
    for column in COLUMNS:
        assert f"| `{column.code}` | {column.meaning.en} | {column.meaning.fr} |" in lines
