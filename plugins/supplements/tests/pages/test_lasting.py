"""Files that are open when their type changes keep theirs; those of a plugin that is gone stay whole and readable."""

import dataclasses
from uuid import UUID

from msgspec import structs

from parvis.db import insert_values, transaction
from parvis.db.tables import Declaration, ServiceRequest
from parvis.requests.declarations import Declarations, type_of_record
from parvis.requests.lifecycle import make_move
from parvis.requests.records import Record
from parvis.requests.request_service import RequestService
from parvis_my_requests.archive import as_data, gather
from parvis_sdk.fields import ShortText
from parvis_sdk.forms import Form
from parvis_sdk.supplement_answers import SupplementAnswers
from parvis_sdk.supplements import Point, Reason, Supplement
from parvis_sdk.workflow import Denied
from parvis_supplements.completing import answer
from parvis_supplements.marking import ask
from parvis_supplements.reminding import remind
from parvis_testing.modules import standing_in
from parvis_testing.town import ANA

from ..filing import COMPLETENESS, LEGAL, said
from .conftest import BEGINS, NEXT

OTHER = Reason(code="other", title=said("Autre"), words=said("Tout autre chose."))
FIRST = LEGAL.form.sections[0]
LATER = structs.replace(
    LEGAL,
    version=2,
    title=said("Dossier nouveau", "New file"),
    form=Form(sections=(structs.replace(FIRST, fields=(ShortText(code="lot", label=said("Lot")), *FIRST.fields[:3])),)),
    parts=(structs.replace(COMPLETENESS, days=5, remind=(), reasons=(OTHER,)),),
    parties=(),
)
MANY = 1_000


def with_types(office, *types) -> None:
    """From now on the host has these types, as after an update of its plugins."""
    plugin_registry = office.host.plugins
    plugin = structs.replace(
        plugin_registry.by_name["town"], request_types={request_type.code: request_type for request_type in types}
    )
    plugins = {"town": plugin} if types else {}
    new = structs.replace(
        plugin_registry, by_name=plugins, request_types={request_type.code: request_type for request_type in types}
    )
    office.host = dataclasses.replace(office.host.without(Declarations, *standing_in(office.host)), plugins=new)
    office.app.state.deployment = dataclasses.replace(office.app.state.deployment, host=office.host)


async def asked_for(office, reason="unreadable"):
    points = [Point(field="plan", reason=reason), Point(field="begins", words="Un dimanche.")]
    return await ask(
        office.host, office.reference, "completeness", points, transition="complete", raw={}, actor=ANA, mover="agent"
    )


async def test_a_thousand_open_files_keep_the_type_that_they_were_made_with(office):
    await asked_for(office)
    first = (await ServiceRequest.select().where(ServiceRequest.reference == office.reference))[0]
    rows = [{**first, "id": _id(number), "reference": f"F-{number}"} for number in range(1, MANY)]
    async with transaction(office.host.engine):
        await insert_values(ServiceRequest, *rows)
    with_types(office, LATER)
    assert await ServiceRequest.count().where(ServiceRequest.declaration == first["declaration"]) == MANY
    assert await Declaration.count() == 1
    request_type = await type_of_record(office.host, await office.record())
    assert (request_type.version, request_type.parties, request_type.of(Supplement)) == (
        1,
        LEGAL.parties,
        LEGAL.of(Supplement),
    )
    home = await office.at_home()
    await home.open(f"/fr/suivi/{office.reference}/complements/completeness")
    assert "est illisible" in home.text
    done = await answer(
        office.host,
        office.reference,
        "completeness",
        SupplementAnswers(raw={"begins": f"{NEXT}-11-02"}, words={"plan": "Le seul."}),
    )
    assert isinstance(done, Record)
    new = {"lot": "12 345", "work": "shed", "begins": f"{NEXT}-12-03"}
    raw = {"language": "fr", "answers": new, "place": {"lon": -73.58, "lat": 45.52}, "requester": {"mode": "anonymous"}}
    receipt = await RequestService(office.host).submit("parvis", "file", raw, channel="portal")
    made = next(iter(await ServiceRequest.select().where(ServiceRequest.reference == receipt.reference)))
    assert made["declaration"] != first["declaration"]
    assert await Declaration.count() == 2


def _id(number: int) -> UUID:
    return UUID(int=(1 << 120) + number)


async def test_files_of_a_plugin_that_is_gone_are_read_printed_and_taken_away(office):
    await asked_for(office)
    await answer(
        office.host,
        office.reference,
        "completeness",
        SupplementAnswers(raw={"begins": f"{NEXT}-11-02"}, words={"plan": "Le seul."}),
    )
    await asked_for(office)
    with_types(office)
    desk = await office.at_the_desk()
    for path in ("", "/dossier", "/versions"):
        await desk.open(f"/bureau/requete/{office.reference}{path}")
        assert desk.status == 200, path
        assert f"2 novembre {NEXT}" in desk.text, path
    await desk.open(f"/bureau/requete/{office.reference}/dossier")
    for words in ("plan-1.pdf", "SHA-256", "est illisible", "Le seul.", "délai légal", "n’est plus installée"):
        assert words in desk.page.text, words
    home = await office.at_home()
    assert f"2 novembre {NEXT}" in home.text
    town = office.host.jurisdictions.jurisdiction("parvis")
    taken = as_data(await gather(office.host, town, "zoe@exemple.ca", "fr"))
    assert "Dossier" in taken.decode()
    assert '"earlier_versions"' in taken.decode()
    assert BEGINS in taken.decode()
    assert f"{NEXT}-11-02" in taken.decode()
    # Nothing moves meanwhile, and nobody is reminded of what they cannot answer.
    late = await answer(
        office.host, office.reference, "completeness", SupplementAnswers(raw={"begins": f"{NEXT}-11-03"})
    )
    assert isinstance(late, Denied)
    assert isinstance(await make_move(office.host, office.reference, "refuse", {}, actor=ANA, mover="agent"), Denied)
    assert await remind(office.host) == 0
