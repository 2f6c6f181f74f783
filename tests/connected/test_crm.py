"""A town with its CRM beside it: contacts not doubled, cases both ways, rules of conflict, erasure, needs."""

import asyncio
import base64
import io
import json
import tomllib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from PIL import Image

import parvis_crm_connector.plugin
import parvis_reports.plugin
from parvis.db import Engine
from parvis.files import LocalFiles
from parvis.http_client import Clients
from parvis.outbox import listing, revive
from parvis.plugins import DiscoveredPlugin, PluginRegistry
from parvis.plugins.loading import load_plugins
from parvis.plugins.plugin_settings import settings_from
from parvis.requests.actors import Actor
from parvis.requests.amendments import change_contact, stop
from parvis.requests.attached.attachments import kept_of
from parvis.requests.history import entries_of
from parvis.requests.host import Host
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis.requests.records import Record, find
from parvis.requests.request_service import RequestService
from parvis.requests.visibility import SYSTEM_VIEWER
from parvis.requests.work.conversation import reply
from parvis.sections import OutgoingSettings
from parvis.switches import Switchboard
from parvis.worker import Limits, Relay
from parvis_connectors import unmatched_updates
from parvis_connectors.calls import check
from parvis_connectors.comparing import compare, resend
from parvis_connectors.exchanges import exchanges_of
from parvis_connectors.polling import poll_now
from parvis_merging.merging import merge, part
from parvis_sdk import starter_kit
from parvis_sdk.fields import PERSONAL, PUBLIC, LongText, ShortText
from parvis_sdk.hooks import hookimpl
from parvis_sdk.request_types import IdentityRule, PlaceRule, RequestType, Retention, ServiceLevel
from parvis_sdk.requests import Requester
from parvis_sdk.text import Text
from parvis_testing.jurisdictions import example_towns

from ..counterparts.line import HANG, RESET, SWALLOW, Reply, broken, busy, polite_error, rubbish
from ..counterparts.odata import Dataverse, dataverse

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
LAMP = RequestType(
    code="lamp",
    title=Text(fr="Lampadaire éteint", en="Street light out"),
    summary=Text(fr="Un lampadaire qui n’éclaire plus", en="A street light that is out"),
    slug=Text(fr="lampadaire", en="street-light"),
    theme=starter_kit.STREETS,
    form=starter_kit.form(
        LongText(code="words", label=Text(fr="Décrivez", en="Describe"), privacy=PUBLIC),
        ShortText(code="witness", label=Text(fr="Témoin", en="Witness"), required=False, privacy=PERSONAL),
    ),
    workflow=starter_kit.WORKFLOW,
    place=PlaceRule(need="optional"),
    identity=IdentityRule(modes=("named", "confidential", "anonymous")),
    service_levels=(ServiceLevel(code="usual", title=Text(fr="5 jours", en="5 days"), business_days=5),),
    retention=Retention(days=365),
)
STATES = {"received": 1, "in_progress": 2, "waiting": 3, "resolved": 5, "closed": 5, "withdrawn": 6}
ACTIVE = {"received": 0, "in_progress": 0, "waiting": 0, "resolved": 1, "closed": 1, "withdrawn": 2}
CASE = {
    "to": "incidents",
    "types": ["lamp"],
    "columns": {
        "title": {"source": "type_title"},
        "description": "answers.words",
        "prioritycode": {"source": "'2'", "codes": {"2": 2}},
        "new_address": "place.address",
        "statecode": {"source": "state", "codes": ACTIVE},
        "statuscode": {"source": "state", "codes": STATES},
    },
    "read": "statuscode",
    "moves": {"5": "resolve", "2": "start"},
}
CONTACT = {
    "to": "contacts",
    "columns": {
        "lastname": "requester.name",
        "emailaddress1": "requester.email",
        "telephone1": "requester.phone",
    },
}
ZOE = {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca", "phone": "418 555-0101"}
NOBODY = "accounts(accountnumber='ANONYME')"


@pytest.fixture(scope="module")
def dynamics() -> Iterator[Dataverse]:
    with dataverse(page_size=20) as served:
        yield served


@pytest.fixture
def crm(dynamics: Dataverse) -> Iterator[Dataverse]:
    """The CRM, empty but for the customer for anonymous requesters."""
    dynamics.line.heal()
    dynamics.line.mend()
    dynamics.empty()
    dynamics.add("accounts", name="Personne non nommée", accountnumber="ANONYME")
    dynamics.line.heard.clear()
    yield dynamics
    dynamics.line.heal()


class Beside:
    """A town with the CRM beside it, a worker, and short ways to its public doors."""

    def __init__(self, host: Host) -> None:
        self.host, self.counter = host, RequestService(host)

    async def submit(self, **given: Any) -> str:
        raw = {"language": "fr", "answers": {"words": "Devant le 12"}, "requester": ZOE}
        raw["place"] = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"}
        submitted = await self.counter.submit("parvis", "lamp", raw | given, channel="portal")
        return str(submitted.reference)

    async def deliver(self) -> None:
        await Relay(self.host, Limits(seconds=15.0), luck=lambda: 0.0).drain()

    async def try_again(self) -> None:
        """What is postponed is due at once."""
        for line in await listing(["postponed", "dead"]):
            await revive(self.host.engine, line.id)
        await self.deliver()

    async def poll(self) -> int | None:
        return await poll_now(self.host, self.connector, "worker")

    @property
    def connector(self) -> Any:
        return self.host.plugins.connectors["crm"]

    async def record(self, reference: str) -> Any:
        return await find(self.host, reference)

    async def move(self, reference: str, transition: str, **given: Any) -> None:
        await make_move(self.host, reference, transition, given, actor=ANA, mover="agent")

    async def notes(self, reference: str) -> list[str]:
        entries = await entries_of(await self.record(reference))
        return [entry.personal["note"]["fr"] for entry in entries if entry.kind == "external" and entry.personal]


def settings_of(crm: Dataverse, **more: Any) -> dict[str, Any]:
    said = {"base_url": crm.url, "token_url": crm.token_url, "client_id": crm.client_id, "scope": crm.scope}
    return said | {"needs": ["contact"], "mappings": [CASE, CONTACT], "unnamed_customer": NOBODY} | more


def opened(crm: Dataverse, environ: dict[str, str] | None = None, **more: Any) -> PluginRegistry:
    lamps = ModuleType("test_lamps_plugin")

    def request_types() -> list[RequestType]:
        return [LAMP]

    lamps.request_types = hookimpl(request_types)  # type: ignore[attr-defined]
    secret = {"PARVIS_CRM_CONNECTOR_CLIENT_SECRET": crm.client_secret}
    found = [DiscoveredPlugin.of("crm_connector", parvis_crm_connector.plugin), DiscoveredPlugin.of("lamps", lamps)]
    found.append(DiscoveredPlugin.of("reports", parvis_reports.plugin))
    return load_plugins(found, settings_from({"crm_connector": settings_of(crm, **more)}, environ or secret))


@pytest.fixture
async def beside(
    database: Engine, crm: Dataverse, tmp_path: Path, reading: Switchboard
) -> AsyncIterator[Callable[..., Beside]]:
    async with AsyncExitStack() as closing:

        def make(**more: Any) -> Beside:
            plugins = opened(crm, **more)
            assert not plugins.troubles, [str(trouble) for trouble in plugins.troubles]
            clients = Clients(OutgoingSettings(private=("127.0.0.0/8",)))
            closing.push_async_callback(clients.close)
            host = Host(
                engine=database,
                jurisdictions=example_towns(),
                plugins=plugins,
                files=LocalFiles(tmp_path / "files"),
                secret=b"a secret of thirty-two characters",
                base_url="http://127.0.0.1:8000",
                modules=reading,
            ).having(clients)
            return Beside(host)

        yield make


def case_of(crm: Dataverse, reference: str) -> dict[str, Any]:
    [case] = crm.find("incidents", f"new_parvisreference eq '{reference}'")
    return case


async def test_a_case_is_opened_for_a_contact_that_is_made_once(crm: Dataverse, beside: Callable[..., Beside]) -> None:
    town = beside()
    first = await town.submit()
    await town.deliver()
    second = await town.submit(requester=ZOE | {"email": "ZOE@exemple.ca", "phone": ""})
    third = await town.submit(requester={"mode": "named", "name": "Z. Côté", "phone": "+1 418-555-0101"})
    await town.deliver()
    [contact] = crm.find("contacts")
    assert (contact["lastname"], contact["emailaddress1"]) == ("Zoé Côté", "zoe@exemple.ca")
    cases = crm.find("incidents")
    assert {case["_customerid_value"] for case in cases} == {contact["contactid"]}
    assert {case["new_parvisreference"] for case in cases} == {first, second, third}
    case = case_of(crm, first)
    assert (case["title"], case["description"], case["statuscode"]) == ("Lampadaire éteint", "Devant le 12", 1)
    assert (await town.record(first)).external_references == {"crm": case["ticketnumber"]}
    assert "firstname" not in contact


@pytest.mark.parametrize("changing", [False, True], ids=["as it is made", "as it is changed"])
async def test_the_case_of_somebody_else_is_never_stored_as_ours_or_written_into(
    crm: Dataverse, beside: Callable[..., Beside], changing: bool
) -> None:
    town = beside()
    theirs = await town.submit()
    await town.deliver()
    before = case_of(crm, theirs)
    ours = await town.submit()
    if changing:
        await town.deliver()
        await town.move(ours, "start")
    row = {name: value for name, value in before.items() if value is None or isinstance(value, str | int)}
    mixed_up = Reply(status=200, body=json.dumps(row).encode(), headers={"Content-Type": "application/json"})
    crm.line.next(mixed_up, method="GET", path="/incidents(")
    await town.deliver()
    [parked] = await listing(["dead"])
    assert f"about something other than {ours}: {before['ticketnumber']} · {theirs}" in str(parked.trouble)
    known = (await town.record(ours)).external_references
    assert known == ({"crm": case_of(crm, ours)["ticketnumber"]} if changing else {})
    assert case_of(crm, theirs) == before


def as_json(row: dict[str, Any], status: int = 200, **headers: str) -> Reply:
    plain = {name: value for name, value in row.items() if value is None or isinstance(value, str | int)}
    return Reply(status=status, body=json.dumps(plain).encode(), headers={"Content-Type": "application/json"} | headers)


@pytest.mark.parametrize("which", ["as it is made", "as it is changed", "as it is erased"])
async def test_nothing_is_written_into_the_case_of_a_stranger_that_comes_back_under_our_key(
    crm: Dataverse, beside: Callable[..., Beside], which: str
) -> None:
    """Our key with the id of another case: its values, its notes or its end were written there."""
    town = beside(erase_cases="delete")
    theirs = await town.submit()
    await town.deliver()
    before = case_of(crm, theirs)
    ours = await town.submit()
    if which != "as it is made":
        await town.deliver()
    if which == "as it is changed":
        await town.move(ours, "start")
    if which == "as it is erased":
        await erase(town.host, ours, actor=ANA)
    crm.line.next(as_json(before | {"new_parvisreference": ours}), method="GET", path="/incidents(new_parvis")
    notes = len(crm.find("annotations"))
    await town.deliver()
    [parked] = await listing(["dead"])
    assert (parked.reference, "nothing of it was kept" in str(parked.trouble)) == (ours, True)
    assert (case_of(crm, theirs), len(crm.find("annotations"))) == (before, notes)


@pytest.mark.parametrize("said", ["body", "header", "nothing"])
async def test_a_change_that_is_answered_with_the_case_of_a_stranger_waits_for_a_person(
    crm: Dataverse, beside: Callable[..., Beside], said: str
) -> None:
    town = beside()
    theirs, ours = await town.submit(), await town.submit()
    await town.deliver()
    before, mine = case_of(crm, theirs), case_of(crm, ours)
    known = (await town.record(ours)).external_references
    if said == "body":
        crm.line.next(as_json(before), method="PATCH", path=f"/incidents({mine['incidentid']})")
    elif said == "header":
        named = {"OData-EntityId": f"{crm.url}/incidents({before['incidentid']})"}
        crm.line.next(Reply(status=204, headers=named), method="PATCH", path=f"/incidents({mine['incidentid']})")
    else:
        crm.line.next(Reply(status=204), method="PATCH", path=f"/incidents({mine['incidentid']})")
        crm.line.next(as_json(before), method="GET", path=f"/incidents({mine['incidentid']})")
    await town.move(ours, "start")
    await town.deliver()
    [parked] = await listing(["dead"])
    assert (parked.reference, "nothing of it was kept" in str(parked.trouble)) == (ours, True)
    assert case_of(crm, theirs) == before
    assert (await town.record(ours)).external_references == known


async def test_nobody_s_contact_is_bound_to_our_case_because_it_came_back_for_our_address(
    crm: Dataverse, beside: Callable[..., Beside]
) -> None:
    """Found by our address with the id of another contact: our case would stand under the name of that person."""
    theirs = crm.add("contacts", lastname="Roy", emailaddress1="roy@exemple.ca", statecode=0)
    row = {"contactid": theirs["contactid"], "emailaddress1": ZOE["email"], "createdon": "2020-01-01T00:00:00Z"}
    body = json.dumps({"value": [row]}).encode()
    town = beside()
    ours = await town.submit()
    crm.line.next(Reply(status=200, body=body, headers={"Content-Type": "application/json"}), path="/contacts?")
    await town.deliver()
    [parked] = await listing(["dead"])
    assert parked.reference == ours
    assert crm.find("incidents") == []
    assert [each["lastname"] for each in crm.find("contacts")] == ["Roy"]


async def test_a_contact_that_is_there_is_found_and_of_several_the_oldest_active_one(
    crm: Dataverse, beside: Callable[..., Beside]
) -> None:
    for number, (created, state) in enumerate([("2021", 0), ("2019", 1), ("2020", 0)]):
        when = f"{created}-01-01T00:00:00Z"
        crm.add("contacts", lastname=str(number), emailaddress1="Zoe@Exemple.ca", statecode=state, createdon=when)
    town = beside()
    reference = await town.submit()
    await town.deliver()
    oldest = next(each for each in crm.find("contacts") if each["lastname"] == "2")
    assert case_of(crm, reference)["_customerid_value"] == oldest["contactid"]
    assert len(crm.find("contacts")) == 3
    assert oldest["telephone1"] == "+14185550101"  # what was empty is filled in, what was not stays
    assert any("2 fiches actives" in note for note in await town.notes(reference))


async def test_a_phone_is_recognised_however_it_is_written_and_a_household_is_not_one_person(
    crm: Dataverse, beside: Callable[..., Beside]
) -> None:
    theirs = crm.add("contacts", lastname="Côté", mobilephone="(418) 555-0101", statecode=0)
    crm.add("contacts", lastname="Roy", telephone1="514 555-0101", statecode=0)
    crm.add("contacts", lastname="Fils", telephone1="418.555.0101", emailaddress1="fils@exemple.ca", statecode=0)
    town = beside()
    reference = await town.submit()
    await town.deliver()
    assert case_of(crm, reference)["_customerid_value"] == theirs["contactid"]


@pytest.mark.parametrize("other", [ZOE, {"mode": "named", "name": "Z. Côté", "phone": "418 555-0101"}])
async def test_two_requests_at_once_make_one_contact(
    crm: Dataverse, beside: Callable[..., Beside], other: dict[str, str]
) -> None:
    town = beside()
    for requester in (ZOE, other, ZOE, other):
        await town.submit(requester=requester)
    relays = [Relay(town.host, Limits(seconds=15.0), luck=lambda: 0.0) for _ in range(2)]
    await asyncio.gather(*(relay.drain() for relay in relays))
    await town.try_again()
    assert (len(crm.find("contacts")), len(crm.find("incidents"))) == (1, 4)


@pytest.mark.parametrize("where", ["/contacts(", "/incidents(", "/annotations("])
async def test_what_they_did_and_we_never_heard_of_is_not_done_twice(
    crm: Dataverse, beside: Callable[..., Beside], where: str
) -> None:
    town = beside()
    crm.line.next(SWALLOW, method="PATCH", path=where)
    reference = await town.submit()
    await town.move(reference, "start")
    await town.deliver()
    assert (await listing(["postponed"]))[0].state == "postponed"
    await town.try_again()
    await town.try_again()
    assert not await listing()
    assert [len(crm.find(name)) for name in ("contacts", "incidents", "annotations")] == [1, 1, 1]


@pytest.mark.parametrize("mode", ["confidential", "anonymous"])
async def test_whoever_is_not_named_is_never_known_there(
    crm: Dataverse, beside: Callable[..., Beside], mode: str
) -> None:
    columns = CASE["columns"] | {"new_address": "requester.email"}  # type: ignore[operator]
    town = beside(mappings=[CASE | {"columns": columns}, CONTACT])
    reference = await town.submit(requester=ZOE | {"mode": mode})
    await town.deliver()
    assert not crm.find("contacts")
    [nobody] = crm.find("accounts")
    case = case_of(crm, reference)
    assert case["_customerid_value"] == nobody["accountid"]
    heard = b" ".join([each.path.encode() + each.body for each in crm.line.heard])
    assert b"zoe" not in heard.lower()
    assert b"5550101" not in heard
    assert b"555-0101" not in heard


async def test_their_clerk_resolves_the_case_and_the_request_is_closed_here_within_one_poll(
    crm: Dataverse, beside: Callable[..., Beside]
) -> None:
    town = beside(resolution="reason")
    reference = await town.submit()
    await town.move(reference, "start")
    await town.deliver()
    await town.poll()
    case = case_of(crm, reference)
    assert case["statuscode"] == 2
    crm.note(case["incidentid"], "Nous y allons demain.")
    crm.resolve(case["incidentid"], "Ampoule remplacée")
    assert await town.poll() == 2
    assert (await town.record(reference)).state == "resolved"
    notes = await town.notes(reference)
    assert any("Nous y allons demain." in note for note in notes)
    assert any("Ampoule remplacée" in note for note in notes)
    moved = [entry for entry in await entries_of(await town.record(reference)) if entry.kind == "moved"]
    assert "Ampoule remplacée" in str(moved[-1])
    assert not await unmatched_updates.strays()


async def test_nothing_echoes_back_and_forth(crm: Dataverse, beside: Callable[..., Beside]) -> None:
    town = beside()
    reference = await town.submit()
    await town.deliver()
    await town.poll()
    crm.resolve(case_of(crm, reference)["incidentid"], "Fait")
    await town.poll()
    await town.deliver()
    before, entries = case_of(crm, reference), len(await entries_of(await town.record(reference)))
    for _ in range(3):
        assert await town.poll() == 0
        await town.deliver()
    assert case_of(crm, reference)["@odata.etag"] == before["@odata.etag"]
    assert len(await entries_of(await town.record(reference))) == entries
    assert [note["notetext"] for note in crm.find("annotations")] == []


async def test_what_we_wrote_is_no_news_though_we_never_heard_that_it_arrived(
    crm: Dataverse, beside: Callable[..., Beside]
) -> None:
    crm.add("contacts", lastname="Côté", emailaddress1="zoe@exemple.ca", statecode=0)
    town = beside()
    reference = await town.submit()
    await town.move(reference, "start")
    crm.line.next(RESET, method="GET", path="contactid%2Cmodifiedon")  # looked at when the case is made already
    await town.deliver()
    assert case_of(crm, reference)["statuscode"] == 2
    assert len(await listing(["postponed"])) == 1
    assert await town.poll() == 0
    await town.try_again()
    assert await town.poll() == 0
    assert not await town.notes(reference)


async def test_our_moves_and_replies_stand_in_their_timeline_once_and_without_words(
    crm: Dataverse, beside: Callable[..., Beside]
) -> None:
    town = beside()
    reference = await town.submit()
    await town.move(reference, "start")
    await reply(town.host, reference, "Bonjour, nous regardons cela.", actor=ANA)
    await town.move(reference, "resolve", reason="Ampoule remplacée")
    await town.deliver()
    await town.poll()
    said = [note["notetext"] for note in crm.find("annotations")]
    assert sorted(said) == ["La Ville a écrit à la personne.", "Étape\u00a0: Réglée", "Étape\u00a0: in_progress"]
    case = case_of(crm, reference)
    assert (case["statecode"], case["statuscode"]) == (1, 5)
    assert [each["subject"] for each in crm.find("incidentresolutions")] == ["Réglé par la Ville"]
    assert not await town.notes(reference)


async def test_the_case_of_a_merged_request_says_so_until_it_is_taken_apart(
    crm: Dataverse, beside: Callable[..., Beside]
) -> None:
    town = beside(mappings=[CASE | {"merged": {"statecode": 2, "statuscode": 2000}}, CONTACT])
    one, kept = await town.submit(), await town.submit()
    await town.deliver()
    crm.line.next(SWALLOW, method="PATCH", path="incidents")
    assert isinstance(await merge(town.host, SYSTEM_VIEWER, one, kept, actor=ANA), Record)
    await town.deliver()
    await town.try_again()
    case = case_of(crm, one)
    assert (case["statecode"], case["statuscode"]) == (2, 2000)
    assert case_of(crm, kept)["statecode"] == 0
    said = [note["notetext"] for note in crm.find("annotations")]
    assert said == [f"La requête est fusionnée avec {kept}, qui porte sur le même problème."]
    await town.move(kept, "start")
    await town.deliver()
    assert case_of(crm, one)["statuscode"] == 2000
    await town.poll()
    assert not await town.notes(one)

    assert isinstance(await part(town.host, SYSTEM_VIEWER, one, actor=ANA), Record)
    await town.deliver()
    case = case_of(crm, one)
    assert (case["statecode"], case["statuscode"]) == (0, 1)
    assert "La requête n’est plus fusionnée." in [note["notetext"] for note in crm.find("annotations")]


async def test_a_case_that_is_resolved_there_is_reopened_when_it_is_here(
    crm: Dataverse, beside: Callable[..., Beside]
) -> None:
    town = beside()
    reference = await town.submit()
    await town.move(reference, "resolve")
    await town.deliver()
    assert case_of(crm, reference)["statecode"] == 1
    requester = Actor(kind="requester", id="", name="")
    await make_move(town.host, reference, "not_fixed", {}, actor=requester, mover="requester")
    await town.deliver()
    case = case_of(crm, reference)
    assert (case["statecode"], case["statuscode"]) == (0, 2)


@pytest.mark.parametrize(("rule", "stays", "state"), [("ours", 1, "received"), ("theirs", 5, "resolved")])
async def test_the_rule_says_whose_state_stays(
    crm: Dataverse, beside: Callable[..., Beside], rule: str, stays: int, state: str
) -> None:
    town = beside(conflicts={"incidents": {"statuscode": rule}})
    reference = await town.submit()
    await town.deliver()
    crm.resolve(case_of(crm, reference)["incidentid"], "Fait")
    await town.poll()
    await town.deliver()
    await town.poll()
    assert (await town.record(reference)).state == state
    assert case_of(crm, reference)["statuscode"] == stays


@pytest.mark.parametrize(
    ("rule", "stays", "told"),
    [
        ("ours", "1234, rue Rachel Est", "notre valeur a été rétablie"),
        ("theirs", "12, rue Neuve", "est devenu «\u00a012, rue Neuve"),
        ("newest", "12, rue Neuve", "est devenu «\u00a012, rue Neuve"),
    ],
)
@pytest.mark.parametrize("by", ["poll", "delivery"])
async def test_the_rule_of_a_column_says_whose_value_stays_and_the_desk_is_told(
    crm: Dataverse, beside: Callable[..., Beside], rule: str, stays: str, told: str, by: str
) -> None:
    town = beside(conflicts={"incidents": {"new_address": rule}})
    reference = await town.submit()
    await town.deliver()
    crm.change("incidents", case_of(crm, reference)["incidentid"], new_address="12, rue Neuve")
    if by == "poll":
        await town.poll()
    else:
        await town.move(reference, "start")
        await town.deliver()
    await town.poll()
    assert case_of(crm, reference)["new_address"] == stays
    assert [note for note in await town.notes(reference) if told in note] == await town.notes(reference)
    assert len(await town.notes(reference)) == 1


async def test_where_both_sides_changed_one_thing_the_newer_one_stays(
    crm: Dataverse, beside: Callable[..., Beside]
) -> None:
    town = beside()  # the state is "newest" unless said otherwise
    reference = await town.submit()
    await town.deliver()
    case = case_of(crm, reference)["incidentid"]
    crm.change("incidents", case, statuscode=3, modifiedon="2020-01-01T00:00:00Z")
    await town.move(reference, "start")
    await town.deliver()
    assert case_of(crm, reference)["statuscode"] == 2
    await town.move(reference, "resolve")
    crm.change("incidents", case, statuscode=3, modifiedon="2090-01-01T00:00:00Z")
    await town.deliver()
    assert case_of(crm, reference)["statuscode"] == 3


async def test_somebody_who_is_faster_is_read_again(crm: Dataverse, beside: Callable[..., Beside]) -> None:
    town = beside()
    reference = await town.submit()
    await town.deliver()
    case = case_of(crm, reference)["incidentid"]
    crm.line.meanwhile(lambda: crm.change("incidents", case, title="Autre"), method="PATCH", path="/incidents(")
    await town.move(reference, "start")
    await town.deliver()
    assert not await listing()
    assert (case_of(crm, reference)["statuscode"], case_of(crm, reference)["title"]) == (2, "Lampadaire éteint")
    assert sum(each.status == 412 for each in crm.line.heard) == 1


async def test_what_changed_in_a_contact_is_a_note_for_the_desk(crm: Dataverse, beside: Callable[..., Beside]) -> None:
    town = beside(contact_changes=True)
    reference = await town.submit()
    await town.deliver()
    await town.poll()
    [contact] = crm.find("contacts")
    crm.change("contacts", contact["contactid"], telephone1="514 555-0199")
    assert await town.poll() == 1
    assert await town.poll() == 0
    assert any("telephone1 = 514 555-0199" in note for note in await town.notes(reference))
    await town.move(reference, "start")
    await town.deliver()
    assert crm.find("contacts")[0]["telephone1"] == "514 555-0199"


async def test_whoever_stopped_messages_is_marked(crm: Dataverse, beside: Callable[..., Beside]) -> None:
    town = beside()
    reference = await town.submit()
    await town.deliver()
    assert crm.find("contacts")[0]["donotemail"] is False
    await stop(town.host, reference)
    await town.deliver()
    assert crm.find("contacts")[0]["donotemail"] is True


@pytest.mark.parametrize(("rule", "stays"), [("ours", "+14185550101"), ("theirs", "514 555-0199")])
async def test_the_rule_of_a_contact_says_whose_value_stays(
    crm: Dataverse, beside: Callable[..., Beside], rule: str, stays: str
) -> None:
    town = beside(contact_changes=True, conflicts={"contacts": {"telephone1": rule}})
    reference = await town.submit()
    await town.deliver()
    crm.change("contacts", crm.find("contacts")[0]["contactid"], telephone1="514 555-0199")
    await town.poll()
    await town.move(reference, "start")
    await town.deliver()
    assert crm.find("contacts")[0]["telephone1"] == stays
    assert await town.poll() == 0


async def test_another_way_to_reach_the_person_is_told(crm: Dataverse, beside: Callable[..., Beside]) -> None:
    town = beside()
    reference = await town.submit()
    await town.deliver()
    moved = Requester(name="Zoé Côté", email="zoe@exemple.ca", phone="+14185550177")
    await change_contact(town.host, reference, moved, "fr")
    await town.deliver()
    [contact] = crm.find("contacts")
    assert contact["telephone1"] == "+14185550177"


@pytest.mark.parametrize("what", ["blank", "delete"])
async def test_an_erasure_reaches_the_case_its_notes_and_a_contact_that_nothing_else_names(
    crm: Dataverse, beside: Callable[..., Beside], what: str
) -> None:
    town = beside(erase_cases=what, erase_contacts=what, words=True)
    first, second = await town.submit(), await town.submit()
    await reply(town.host, first, "Madame Côté, c’est noté.", actor=ANA)
    await town.deliver()
    crm.note(case_of(crm, first)["incidentid"], "Madame Côté a rappelé.")
    await erase(town.host, first, actor=ANA)
    await town.deliver()
    [contact] = crm.find("contacts")
    assert contact["emailaddress1"] == "zoe@exemple.ca"  # the second request names it
    assert not crm.find("annotations")
    if what == "blank":
        [nobody] = crm.find("accounts")
        case = case_of(crm, first)
        assert (case.get("description"), case.get("new_address")) == (None, None)
        assert (case["title"], case["_customerid_value"]) == ("Lampadaire éteint", nobody["accountid"])
    else:
        assert not crm.find("incidents", f"new_parvisreference eq '{first}'")
    await erase(town.host, second, actor=ANA)
    await town.deliver()
    assert not await listing()
    left = crm.find("contacts")
    if what == "delete":
        assert not left
    else:
        assert [(each.get("lastname"), each.get("emailaddress1"), each["statecode"]) for each in left] == [
            (None, None, 1)
        ]
    kept = " ".join(each.url + each.sent + each.received for each in await exchanges_of(connector="crm", limit=500))
    for word in ("zoe", "Côté", "C\\u00f4t\\u00e9", "5550101", "555-0101"):
        assert word not in kept


async def test_a_contact_that_was_theirs_before_outlives_an_erasure(
    crm: Dataverse, beside: Callable[..., Beside]
) -> None:
    crm.add("contacts", lastname="Côté", emailaddress1="zoe@exemple.ca", statecode=0)
    town = beside(erase_contacts="delete")
    reference = await town.submit()
    await town.deliver()
    await erase(town.host, reference, actor=ANA)
    await town.deliver()
    assert [each["emailaddress1"] for each in crm.find("contacts")] == ["zoe@exemple.ca"]


async def test_an_erasure_that_breaks_off_is_brought_to_its_end(crm: Dataverse, beside: Callable[..., Beside]) -> None:
    town = beside()
    reference = await town.submit()
    await town.deliver()
    await erase(town.host, reference, actor=ANA)
    crm.line.next(SWALLOW, method="PATCH", path="/incidents(")
    await town.deliver()
    await town.try_again()
    assert not await listing()
    [contact] = crm.find("contacts")
    assert (contact.get("emailaddress1"), contact.get("new_parvisid")) == (None, None)


def test_a_personal_column_that_no_need_was_stated_for_is_named_when_the_house_opens(crm: Dataverse) -> None:
    columns = CASE["columns"] | {"new_address": "answers.witness"}  # type: ignore[operator]
    plugins = opened(crm, needs=[], mappings=[CASE | {"columns": columns}, CONTACT])
    told = " ".join(str(trouble) for trouble in plugins.troubles)
    assert "emailaddress1 · 'requester.email' is personal and was not said to be needed" in told
    assert "new_address · the field 'witness' is personal and was not said to be needed" in told


async def test_what_no_need_was_stated_for_is_not_sent(
    database: Engine, crm: Dataverse, beside: Callable[..., Beside], tmp_path: Path
) -> None:
    columns = CASE["columns"] | {"new_address": "answers.witness"}  # type: ignore[operator]
    town = beside(needs=[], mappings=[CASE])
    town.host.plugins.connectors.update(
        opened(crm, needs=[], mappings=[CASE | {"columns": columns}, CONTACT]).connectors
    )
    reference = await town.submit(answers={"words": "Devant", "witness": "Luc Roy"})
    await town.deliver()
    assert "new_address" not in case_of(crm, reference)
    assert not crm.find("contacts")


async def test_a_customer_that_people_there_chose_is_left_alone(crm: Dataverse, beside: Callable[..., Beside]) -> None:
    town = beside()
    reference = await town.submit()
    await town.deliver()
    other = crm.add("contacts", lastname="Gérance Roy", statecode=0)
    crm.change("incidents", case_of(crm, reference)["incidentid"], _customerid_value=other["contactid"])
    await town.move(reference, "start")
    await town.deliver()
    assert case_of(crm, reference)["_customerid_value"] == other["contactid"]
    assert "emailaddress1" not in crm.read("contacts", other["contactid"])


async def test_who_keeps_being_slower_waits(crm: Dataverse, beside: Callable[..., Beside]) -> None:
    town = beside()
    reference = await town.submit()
    await town.deliver()
    crm.line.next(Reply(status=412), method="PATCH", path="/incidents(", times=4)
    await town.move(reference, "start")
    await town.deliver()
    [line] = await listing()
    assert "somebody else keeps changing the case" in str(line.trouble)
    await town.try_again()
    assert case_of(crm, reference)["statuscode"] == 2


async def test_news_of_many_pages_come_once_each_and_what_is_not_ours_not_at_all(
    crm: Dataverse, beside: Callable[..., Beside]
) -> None:
    town = beside()
    reference = await town.submit()
    await town.deliver()
    await town.poll()
    case = case_of(crm, reference)["incidentid"]
    theirs = crm.add("incidents", title="Autre chose", statecode=0)["incidentid"]
    for number in range(45):  # 20 a page
        crm.note(case if number % 2 else theirs, f"Note {number}")
    crm.line.next(RESET, path="/annotations")
    assert await town.poll() == 0
    assert await town.poll() == 22
    assert await town.poll() == 0
    notes = await town.notes(reference)
    assert len(notes) == len(set(notes)) == 22


async def test_a_file_of_their_notes_comes_along(crm: Dataverse, beside: Callable[..., Beside]) -> None:
    town = beside()
    reference = await town.submit()
    await town.deliver()
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "grey").save(picture, "JPEG")
    body = base64.b64encode(picture.getvalue()).decode()
    about = {"_objectid_value": case_of(crm, reference)["incidentid"], "isdocument": True}
    crm.add("annotations", filename="apres.jpg", subject="Après la visite", documentbody=body, **about)
    await town.poll()
    assert [each.attachment.name for each in await kept_of(await town.record(reference))] == ["apres.jpg"]
    assert any("Après la visite" in note for note in await town.notes(reference))


async def test_a_secret_that_became_another_one_needs_no_restart(
    crm: Dataverse, beside: Callable[..., Beside], tmp_path: Path
) -> None:
    kept = tmp_path / "secret"
    kept.write_text("of yesterday")
    town = beside(environ={"PARVIS_CRM_CONNECTOR_CLIENT_SECRET_FILE": str(kept)})
    reference = await town.submit()
    await town.deliver()
    [line] = await listing()
    assert "invalid_client" in str(line.trouble)
    kept.write_text(f"{crm.client_secret}\n")
    await town.try_again()
    assert case_of(crm, reference)["statuscode"] == 1


@pytest.mark.parametrize("fault", [RESET, HANG, broken(), busy(seconds=7), rubbish(), polite_error()])
async def test_a_bad_day_is_waited_out(crm: Dataverse, beside: Callable[..., Beside], fault: Any) -> None:
    town = beside(seconds=4)  # which one call takes on no machine, however busy
    crm.line.next(fault, path="/incidents(")
    reference = await town.submit()
    await town.deliver()
    [line] = await listing()
    assert line.state == "postponed"
    await town.try_again()
    assert not await listing()
    assert case_of(crm, reference)["statuscode"] == 1


async def test_tokens_that_end_early_are_renewed(crm: Dataverse, beside: Callable[..., Beside]) -> None:
    town = beside()
    await town.submit()
    await town.deliver()
    crm.expire_tokens()
    await town.submit()
    await town.deliver()
    assert not await listing()
    assert len(crm.find("incidents")) == 2


async def test_a_check_names_what_does_not_fit_and_who_is_not_let_in(
    crm: Dataverse, beside: Callable[..., Beside]
) -> None:
    town = beside()
    answers = await check(town.host, town.connector)
    assert [(each.code, each.ok) for each in answers] == [("settings", True), ("reachable", True), ("allowed", True)]
    columns = CASE["columns"] | {"new_adress": "place.address"}  # type: ignore[operator]
    wrong = beside(mappings=[CASE | {"columns": columns}], case_key="new_reference")
    [settings, _, allowed] = await check(wrong.host, wrong.connector)
    assert not settings.ok
    assert "there is no column 'new_adress' there" in settings.said.en
    assert "there is no column 'new_reference' there" in settings.said.en
    assert (allowed.code, allowed.ok) == ("allowed", False)
    stranger = beside(client_id="somebody")
    [_, reachable, allowed] = await check(stranger.host, stranger.connector)
    assert (reachable.ok, allowed.ok) == (True, False)
    assert "AADSTS700016" in allowed.said.en
    crm.line.cut()
    [_, reachable] = await check(town.host, town.connector)
    assert (reachable.code, reachable.ok) == ("reachable", False)


async def test_what_was_lost_there_is_found_by_comparing_and_made_again(
    crm: Dataverse, beside: Callable[..., Beside]
) -> None:
    town = beside()
    kept, lost = await town.submit(), await town.submit()
    await town.deliver()
    since, until = (await town.record(kept)).submitted_at.replace(hour=0), (await town.record(lost)).submitted_at
    until += timedelta(days=365)
    assert await compare(town.host, town.connector, since, until) == ()
    crm.remove("incidents", case_of(crm, lost)["incidentid"])
    [difference] = await compare(town.host, town.connector, since, until)  # type: ignore[misc]
    assert (difference.kind, difference.reference) == ("missing_there", lost)
    assert await resend(town.host, town.connector, lost)
    await town.deliver()
    assert await compare(town.host, town.connector, since, until) == ()
    crm.resolve(case_of(crm, kept)["incidentid"], "Fait")
    [difference] = await compare(town.host, town.connector, since, until)  # type: ignore[misc]
    assert (difference.kind, difference.reference) == ("behind_here", kept)


async def test_the_settings_of_the_readme_are_true(crm: Dataverse, beside: Callable[..., Beside]) -> None:
    """They fit the request types of this repository, and what Dataverse says of itself."""
    folder = Path(parvis_crm_connector.plugin.__file__).parents[2]
    said = tomllib.loads((folder / "README.md").read_text("utf-8").partition("```toml\n")[2].partition("```")[0])
    here = {"base_url": crm.url, "token_url": crm.token_url, "client_id": crm.client_id, "scope": crm.scope}
    town = beside(**said["plugins"]["crm_connector"] | here)
    assert all(answer.ok for answer in await check(town.host, town.connector))
    where = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"}
    raw = {"language": "fr", "answers": {"size": "large", "surface": "lane", "danger": False}, "requester": ZOE}
    submitted = await town.counter.submit("parvis", "pothole", raw | {"place": where}, channel="portal")
    await town.deliver()
    case = case_of(crm, submitted.reference)
    assert (case["prioritycode"], case["new_latitude"], case["statuscode"]) == (1, 45.5236, 1)
    crm.resolve(case["incidentid"], "Trou comblé")
    await town.poll()
    assert (await town.record(submitted.reference)).state == "resolved"
