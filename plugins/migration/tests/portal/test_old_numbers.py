"""A resident who has only the number of the old system finds the request by it, and reads where it came from."""

import pytest

from parvis.db import counted, transaction
from parvis.db.people_tables import Attempt
from parvis.db.tables import ServiceRequest
from parvis_migration.bringing import Order
from parvis_migration.mapping import FieldMapping
from parvis_migration.mapping_mistakes import read_mapping
from parvis_migration.origins import references_for
from parvis_migration.running import run_through
from parvis_migration.sources import read_source
from parvis_migration.tables import MigrationOrigin
from parvis_testing.letters import letters_to, link_in

ZOE, OTHER = "zoe@exemple.ca", "autre@exemple.ca"
ROWS = """number,type,state,submitted,words,name,email
P-2016/17,Trou,Open,2016-03-04 08:00,Un trou devant la garderie,Zoé Côté,zoe@exemple.ca
"""
MAPPING = """source = "gestion-311"
[columns]
number = "number"
type = "type"
state = "state"
submitted = "submitted"
words = ["words"]
name = "name"
email = "email"
[types]
"*" = "hole"
[states]
Open = "received"
"""


@pytest.fixture
async def old(host, tmp_path):
    """The reference of a request that was brought in."""
    (tmp_path / "old.csv").write_text(ROWS, "utf-8")
    (tmp_path / "old.toml").write_text(MAPPING, "utf-8")
    town, mapping = host.jurisdictions.jurisdiction("parvis"), read_mapping(tmp_path / "old.toml")
    assert isinstance(mapping, FieldMapping)
    order = Order(named="old.csv", digest="a", mapping_text=MAPPING, by="Henri")
    await run_through(
        host, town, mapping, read_source(tmp_path / "old.csv"), order, lambda *words: None, lambda *row: None
    )
    [reference] = await references_for(town, "P-2016/17")
    return reference


async def ask(browser, number, contact):
    await browser.open("/fr/suivi")
    return await browser.send({"reference": number, "contact": contact})


async def test_the_old_number_and_the_address_have_a_link_sent_which_opens_the_request(visitor, old):
    await ask(visitor(), "p 2016 17", OTHER)
    assert await letters_to(OTHER) == []
    browser = await ask(visitor(), "p 2016 17", ZOE)
    assert browser.status == 200
    [letter] = await letters_to(ZOE, "/suivi/lien/")
    await browser.open(link_in(letter))
    await browser.send()
    assert old in browser.text
    assert "Importée de gestion-311 (ancien numéro : P-2016/17)" in browser.text


async def cost_of(visitor, number, contact):
    """What asking comes to: the answer, the attempts counted for this caller, the statements."""
    browser = visitor()
    await browser.open("/fr/suivi")
    before = await attempts()
    with counted() as asked:
        await browser.send({"reference": number, "contact": contact})
    assert await letters_to(contact) == []
    return browser.status, str(browser.page.url).partition("/fr/")[2], await attempts() - before, asked.statements


async def attempts():
    rows = await Attempt.select(Attempt.count).where(Attempt.key.like("track-caller:%"))
    return sum(row["count"] for row in rows)


async def test_no_answer_tells_whether_an_old_number_is_known(visitor, host, old):
    """Of somebody else, of nobody, of another town: as with a reference of ours, also in what it costs."""
    ours = await cost_of(visitor, old, OTHER)
    assert ours[:3] == (200, "suivi?envoye=1", 1)
    assert await cost_of(visitor, "P-2016/17", OTHER) == ours
    assert await cost_of(visitor, "P-2016/18", ZOE) == ours
    async with transaction(host.engine):
        for table in (MigrationOrigin, ServiceRequest):
            await table.update({"jurisdiction": "ailleurs"}, force=True)
    assert await cost_of(visitor, "P-2016/17", ZOE) == ours


async def test_a_reference_of_ours_with_a_mistake_is_told_by_its_look(visitor, old):
    browser = await ask(visitor(), "7K3M-9QXT-5", ZOE)
    assert browser.status == 422
    assert "contient une erreur" in browser.text
