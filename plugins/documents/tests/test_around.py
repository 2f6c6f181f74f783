"""Documents among everything else: history, messages, languages, who may open them, the store, failures."""

import dataclasses
from datetime import date, timedelta

import msgspec
import pytest
from msgspec import structs

from parvis import clock
from parvis.access_scope import Reach
from parvis.db.tables import Delivery
from parvis.modules import NO_MODULES
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.requests.attached.dropping import drop_strays, drop_unused
from parvis.requests.changing import Situation
from parvis.requests.declarations import type_of_record
from parvis.requests.erasure_rules import contents_known, told_besides
from parvis.requests.former_modules import FormerModules, plan_of
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.parts.part_kinds import EffectContext
from parvis.requests.payloads import texts_of
from parvis.requests.records import Record
from parvis.requests.visibility import HOLDER, PUBLIC, Viewer
from parvis.switches import Switchboard
from parvis_documents.composing import languages_of
from parvis_documents.issued import content_of_document, issued_for, issued_of
from parvis_documents.parts import paper_of
from parvis_documents.reissuing import replace, revoke
from parvis_sdk.events import Happened
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import on
from parvis_sdk.workflow import Denied
from parvis_testing.modules import only as only_modules
from parvis_testing.town import plugin_of

from .conftest import ANA, ANSWERS, MONDAY, PERMIT, REFUSAL, WORKS


@pytest.fixture
async def on_monday():
    """The day on which the permit was granted: it holds."""
    with clock.moved_to(MONDAY):
        yield


async def only(office, reference):
    (document,) = await issued_of((await office.town.record(reference)).id)
    return document


async def test_the_sealed_history_holds_the_digest_of_the_file(office, on_monday):
    reference = await office.granted()
    record, document = await office.town.record(reference), await only(office, reference)
    noted = (await entries_of(record))[-1].body["document.permit"]
    assert noted == {"number": document.number, "version": 1, "digest": document.digest}
    await replace(office.host, reference, str(document.id), "Lot corrigé", actor=ANA)
    record = await office.town.record(reference)
    entry = (await entries_of(record))[-1]
    assert (entry.kind, entry.body["document.permit"]["version"]) == ("happened", 2)
    assert entry.personal["words"] == "Lot corrigé"
    assert await broken_at(record) is None


@on(Happened)
async def hear(event, request):
    """A handler that subscribes to facts."""


@hookimpl
def subscriptions():
    return [hear]


async def test_the_requester_is_told_of_a_new_version_and_of_a_revocation(office_of, on_monday):
    plugin = plugin_of(WORKS)
    plugin.subscriptions = subscriptions
    office = office_of(plugins=load_plugins([DiscoveredPlugin.of("town", plugin)]))
    reference = await office.granted()
    document = await only(office, reference)
    await replace(office.host, reference, str(document.id), "Lot corrigé", actor=ANA)
    record = await office.town.record(reference)
    _, second = await issued_of(record.id)
    await revoke(office.host, reference, str(second.id), "Renseignements inexacts", actor=ANA)
    rows = await Delivery.select(Delivery.event).where(Delivery.request == record.id).order_by(Delivery.id)
    happened = [event for row in rows if (event := msgspec.json.decode(row["event"]))["event"] == "happened"]
    told = [event for event in happened if event.get("tell", True)]
    assert [each["fact"] for each in told] == ["document.permit.replaced", "document.permit.revoked"]
    texts = texts_of(office.host.plugins.request_types["works"], office.host.jurisdictions.jurisdiction("parvis"))
    assert "{document_number}" in texts["document.permit.replaced"][1].fr


async def test_what_was_replaced_or_revoked_stays_so(office):
    reference = await office.granted()
    document = await only(office, reference)
    await revoke(office.host, reference, str(document.id), "Erreur", actor=ANA)
    for doing in (replace, revoke):
        denied = await doing(office.host, reference, str(document.id), "Encore", actor=ANA)
        assert isinstance(denied, Denied)
        assert denied.code == "not_possible"
    other = await office.granted()
    assert isinstance(await revoke(office.host, other, str(document.id), "D’une autre", actor=ANA), Denied)


@pytest.mark.parametrize("became", ["suspended", "ended", "revoked"])
async def test_a_document_made_later_says_the_end_of_the_term_that_was_granted(office, became):
    reference = await office.granted()
    await office.move(reference, f"{became}_alone")
    with clock.moved_to(MONDAY + timedelta(days=100)):
        record = await office.town.record(reference)
        request_type, town = await type_of_record(office.host, record), office.host.jurisdictions.jurisdiction("parvis")
        here = Situation(record=record, request_type=request_type, town=town, at=clock.now())
        paper = await paper_of(EffectContext(host=office.host, here=here, actor=ANA), PERMIT)
    assert paper.until.date() == date(2027, 9, 15)  # the last instant of the fourteenth, by the town's clock


async def test_a_version_conflicts_with_what_was_not_seen(office):
    reference = await office.granted()
    document = await only(office, reference)
    await office.move(reference, "grant")
    answer = await replace(office.host, reference, str(document.id), "Vieux", actor=ANA, expected=2)
    assert type(answer).__name__ == "Conflict"


@pytest.mark.parametrize(
    ("regime", "asked", "one", "both"),
    [
        ("french_only", "en", ("fr",), ("fr",)),
        ("bilingual", "en", ("en",), ("fr", "en")),
        ("bilingual", "fr", ("fr",), ("fr", "en")),
        ("english_on_declaration", "en", ("en",), ("en",)),
        ("bilingual", "es", ("fr",), ("fr", "en")),
    ],
)
def test_the_language_regime_decides_in_which_languages(jurisdictions, regime, asked, one, both):
    town = structs.replace(jurisdictions.jurisdiction("parvis"), language_regime=regime)
    assert languages_of(PERMIT, town, asked) == one
    assert languages_of(REFUSAL, town, asked) == both


def viewer(*permissions: str) -> Viewer:
    reach = Reach(permissions=frozenset(permissions), jurisdiction="parvis")
    return Viewer(kind="agent", id="ana", reaches=(reach,))


async def test_who_may_open_a_document_is_who_may_see_what_it_says(office):
    record = await office.town.record(await office.granted())
    machine = Viewer(kind="token", reaches=(Reach(permissions=frozenset({"see"}), jurisdiction="parvis"),))
    party = structs.replace(HOLDER, role="contractor")
    agent = structs.replace(party, rights=frozenset({"personal"}))
    everybody = (HOLDER, viewer("see", "contacts"), agent, party, machine, PUBLIC)
    assert [len(await issued_for(who, record, office.host.jurisdictions)) for who in everybody] == [1, 1, 1, 0, 0, 0]
    jurisdictions = office.host.jurisdictions
    handed_over = structs.replace(record, holder_since=clock.now())
    assert [len(await issued_for(who, handed_over, jurisdictions)) for who in (HOLDER, viewer("see", "contacts"))] == [
        0,
        1,
    ]
    assert await issued_for(viewer("see"), record, office.host.jurisdictions) == ()


async def test_erased_contents_go_and_needed_ones_stay(office):
    reference = await office.granted()
    document = await only(office, reference)
    assert await drop_unused(office.host, [document.content]) == 0
    later = clock.now() + timedelta(days=400)
    for hour in range(256):
        with clock.moved_to(later + timedelta(hours=hour)):
            await drop_strays(office.host, later)
    (await content_of_document(office.host, document)).close()


async def test_what_fails_after_the_document_was_made_takes_its_number_back(office, monkeypatch):
    from parvis_documents import making

    async def broken(*given):
        raise RuntimeError("the disk is full")

    reference = await office.apply()
    monkeypatch.setattr(making, "_keep", broken)
    with pytest.raises(RuntimeError, match="the disk is full"):
        await office.move(reference, "grant")
    monkeypatch.undo()
    assert (await office.town.record(reference)).state == "received"
    assert isinstance(await office.move(reference, "grant"), Record)
    assert (await only(office, reference)).number.endswith("-00001")


async def test_a_request_of_an_earlier_year_keeps_its_series_apart(office):
    with clock.moved_to(MONDAY) as moved:
        first = await office.apply(answers=ANSWERS)
        await office.move(first, "write", {"reason": "Un"})
        moved.forward(days=500)
        await office.move(first, "write", {"reason": "Deux"})
    numbers = [each.number for each in await issued_of((await office.town.record(first)).id)]
    assert numbers == ["LC-1", "LC-2"]  # the pattern names no year


async def test_what_was_issued_stays_in_the_store_when_the_module_is_removed_and_goes_with_its_request(office):
    with clock.moved_to(MONDAY):
        reference = await office.granted()
        await office.move(reference, "revoke")
        record = await office.town.record(reference)
        (document,) = await issued_of(record.id)
        former = FormerModules()
        former.plans = (plan_of(only_modules("documents").named("documents")),)
        host = dataclasses.replace(office.host, modules=Switchboard(NO_MODULES)).having(former)
        await drop_unused(host, [document.content])
        assert await contents_known(host, record.id) == {document.content}
        (told,) = (await told_besides(host, record))["document"]
        assert (told["number"], told["state"]) == (document.number, document.state)
        with await content_of_document(host, document) as content:
            assert content.read(5) == b"%PDF-"
        await erase(host, reference, actor=ANA)
    (gone,) = await issued_of(record.id)
    assert (gone.number, gone.content, gone.size) == (document.number, "", 0)
    with pytest.raises(FileNotFoundError):
        host.files.open(document.content)
