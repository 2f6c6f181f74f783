"""The dog licence of a vendor from the form to its end, through the portal, the desk and time moved by the clock."""

import importlib.util
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from parvis import clock
from parvis.app import create_app
from parvis.db import transaction
from parvis.db.binding import open_engine
from parvis.db.tables import Delivery, OwedContact
from parvis.example_towns import town_folder
from parvis.files import LocalFiles
from parvis.identifiers import new_id
from parvis.outbox.clock_watch import confirm
from parvis.plugins import DiscoveredPlugin
from parvis.requests.actors import Actor
from parvis.requests.contacts import contact_of
from parvis.requests.declarations import Declarations
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.links import token_of
from parvis.requests.records import find
from parvis.requests.references import key_for
from parvis.requests.work.untold import owe
from parvis.settings import Settings
from parvis.worker.chores import chores_of, do_due
from parvis_documents.issued import issued_of
from parvis_fees.at_the_desk import take_at_counter
from parvis_fees.charges import charges_of
from parvis_grants import proving
from parvis_grants.obligations import obligations_of
from parvis_grants.transferring import offers_of
from parvis_grants.validity import validity_of
from parvis_my_requests.archive import gather
from parvis_sdk.subscriptions import ByHand
from parvis_sdk.text import Text
from parvis_testing.modules import only
from parvis_testing.portal import SECRET
from parvis_testing.visitors import HOST

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
FILE = Path(__file__).parents[4] / "tests" / "vendors" / "dog_licence.py"
BOUGHT = datetime(2026, 3, 2, 15, tzinfo=UTC)  # holds through 2 March 2027
TODAY = datetime(2026, 11, 25, 15, tzinfo=UTC)


@pytest.fixture(scope="session")
def modules():
    return only("documents", "fees", "grants")


@pytest.fixture(scope="session")
def kennel(compiled_templates, modules):
    spec = importlib.util.spec_from_file_location("dog_licence", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    given = {"territory": town_folder(), "secret_key": SECRET, "base_url": HOST, "data": compiled_templates}
    return create_app(Settings(**given, worker=False), [DiscoveredPlugin.of("kennel", module)], modules=modules)


@pytest.fixture
def app(kennel, settings):
    deployment = kennel.state.deployment
    host = replace(
        deployment.host.without(Declarations),
        engine=open_engine(settings.database_url),
        files=LocalFiles(settings.data / "files"),
    )
    kennel.state.deployment = replace(deployment, settings=settings, host=host)
    return kennel


def day(until: str) -> dict[str, str]:
    """The end of the vaccine as three boxes send it."""
    return {
        f"vaccine_until.{part}": said for part, said in zip(("year", "month", "day"), until.split("-"), strict=True)
    }


class Town:
    """The licence of one dog: what its owner sees in a browser, and what the desk and time do to it."""

    def __init__(self, host, browser, reference):
        self.host, self.browser, self.reference = host, browser, reference

    async def record(self):
        return await find(self.host, self.reference)

    async def state(self) -> str:
        record = await self.record()
        assert await broken_at(record) is None
        return record.state

    async def pay(self, fee) -> None:
        charge = [each for each in await charges_of((await self.record()).id) if each.fee == fee and each.is_owed][-1]
        await take_at_counter(self.host, self.reference, charge.id, way="cash", actor=ANA)

    async def pass_to(self, moment) -> None:
        with clock.moved_to(moment):
            await confirm(self.host.engine, "Test")  # nobody ran meanwhile
            await do_due(self.host.engine, chores_of(self.host), f"worker {moment}")

    async def held(self):
        (found,) = await validity_of((await self.record()).id)
        return found

    async def page(self, language="fr") -> str:
        words = {"fr": "suivi", "en": "track"}[language]
        await self.open(f"/{language}/{words}/{self.reference}")
        assert self.browser.status == 200
        return self.browser.text

    async def open(self, path) -> None:
        """As its owner, who comes by the link of their receipt once the browser has not opened it for long."""
        await self.browser.open(path)
        if self.browser.path in ("/fr/suivi", "/en/track"):
            key = key_for(self.host.secret, (await self.record()).id)
            await self.browser.open(f"/fr/suivi/{self.reference}?cle={key}")
            await self.browser.open(path)


@pytest.fixture
async def licensed(browser, host):
    """Filed on the portal by its owner, paid at the counter: the licence is in force."""
    with clock.moved_to(BOUGHT):
        await browser.open("/fr/demande/rues/licence-de-chien")
        await browser.send({"dog": "Pataud", "guide_dog": "no"} | day("2026-11-30"))
        await browser.send({"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"})
        await browser.send()
        assert browser.path.endswith("/recu"), browser.text[:400]
        town = Town(host, browser, browser.path.split("/")[3])
        assert await town.state() == "received"
        await town.pay("first")
    assert await town.state() == "licensed"
    with clock.moved_to(TODAY):
        yield town


async def test_paying_issues_a_numbered_licence_that_holds_a_year_with_its_condition(licensed):
    record = await licensed.record()
    (paper,) = await issued_of(record.id)
    assert paper.number == "CH-2026-00001"
    (rabies,) = await obligations_of(record.id)
    assert (rabies.state, rabies.due_at) == ("met", datetime(2026, 12, 1, 5, tzinfo=UTC))
    with clock.moved_to(BOUGHT):
        french, english = await licensed.page(), await licensed.page("en")
    assert "En vigueur jusqu’au 2 mars 2027 inclusivement." in french
    assert "In force until March 2, 2027 inclusive." in english
    assert "Remplie. La preuve est valide jusqu’au 30 novembre 2026." in french


async def test_its_owner_renews_in_the_window_and_is_not_offered_it_before(licensed):
    with clock.moved_to(datetime(2026, 9, 1, 15, tzinfo=UTC)):
        assert "Renouveler" not in await licensed.page()
        await licensed.open(f"/fr/suivi/{licensed.reference}/action/renew")
        assert "/action/" not in licensed.browser.path
    with clock.moved_to(datetime(2027, 1, 15, 15, tzinfo=UTC)):
        assert "Renouveler" in await licensed.page()
        await licensed.open(f"/fr/suivi/{licensed.reference}/action/renew")
        await licensed.browser.send({})
        assert await licensed.state() == "renewing"
        await licensed.pay("again")
    assert await licensed.state() == "licensed"
    assert (await licensed.held()).until == datetime(2028, 3, 3, 5, tzinfo=UTC)
    papers = await issued_of((await licensed.record()).id)
    assert [each.state for each in papers] == ["replaced", "issued"]
    with clock.moved_to(datetime(2028, 2, 1, 15, tzinfo=UTC)):
        await licensed.open(f"/fr/suivi/{licensed.reference}/action/renew")
        await licensed.browser.send({})
        await licensed.pay("again")
    assert (await licensed.held()).until == datetime(2029, 3, 3, 5, tzinfo=UTC)


async def test_an_expiry_that_fires_while_the_renewal_is_paid_has_one_outcome(licensed):
    with clock.moved_to(datetime(2027, 3, 2, 20, tzinfo=UTC)):
        await licensed.open(f"/fr/suivi/{licensed.reference}/action/renew")
        await licensed.browser.send({})
    await licensed.pass_to(datetime(2027, 3, 3, 5, tzinfo=UTC))
    assert await licensed.state() == "renewing"
    with clock.moved_to(datetime(2027, 3, 3, 15, tzinfo=UTC)):
        assert "Reste en vigueur jusqu’au 1er avril 2027 au plus tard" in await licensed.page()
        await licensed.pay("again")
    assert await licensed.state() == "licensed"
    assert (await licensed.held()).until == datetime(2028, 3, 3, 5, tzinfo=UTC)


async def test_a_renewal_that_is_never_paid_ends_and_closes_by_itself(licensed):
    with clock.moved_to(datetime(2027, 2, 20, 15, tzinfo=UTC)):
        await licensed.open(f"/fr/suivi/{licensed.reference}/action/renew")
        await licensed.browser.send({})
    await licensed.pass_to(datetime(2027, 3, 3, 5, 1, tzinfo=UTC))
    await licensed.pass_to(datetime(2027, 4, 2, 4, 1, tzinfo=UTC))
    assert await licensed.state() == "closed"
    assert (await licensed.held()).state == "expired"
    with clock.moved_to(datetime(2027, 4, 3, 15, tzinfo=UTC)):
        assert "Échéance passée : sans effet depuis la fin du 2 mars 2027." in await licensed.page()


async def test_a_vaccine_that_runs_out_suspends_it_and_a_new_booklet_resumes_it(licensed):
    await licensed.pass_to(datetime(2026, 12, 1, 5, tzinfo=UTC))
    assert await licensed.state() == "suspended"
    with clock.moved_to(datetime(2026, 12, 3, 15, tzinfo=UTC)):
        assert "Suspension : sans effet pour le moment." in await licensed.page()
        (rabies,) = await obligations_of((await licensed.record()).id)
        await licensed.open(f"/fr/suivi/{licensed.reference}/preuve/{rabies.id}")
        assert "Tenir le chien à jour de vaccin." in licensed.browser.text
        await licensed.browser.send(day("2026-12-01"))
        assert licensed.browser.status == 422
        await licensed.browser.send(day("2027-12-01"))
        assert "Nous avons reçu votre preuve." in licensed.browser.text
        assert "La preuve est reçue, nous la vérifions." in licensed.browser.text
        await proving.accept(licensed.host, licensed.reference, str(rabies.id), actor=ANA)
    assert await licensed.state() == "licensed"
    assert (await licensed.held()).until == datetime(2027, 3, 3, 5, tzinfo=UTC)


async def test_it_passes_to_a_new_owner_who_sees_what_happened_and_nothing_of_the_former(licensed, visitor):
    former = licensed.browser
    with clock.moved_to(datetime(2026, 5, 4, 15, tzinfo=UTC)):
        await former.open(f"/fr/suivi/{licensed.reference}/transfert/licence")
        await former.send({"name": "Éli Roy", "email": "eli@exemple.ca", "words": "Prends soin de Pataud."})
        assert "Le transfert est offert." in former.text
        (offered,) = await offers_of((await licensed.record()).id)
        link = f"/fr/transfert/{token_of(licensed.host.secret, 'handover-key', offered.id)}"
        new = visitor()
        await new.open(link.replace(offered.id.hex, "0" * 32))
        assert new.status == 404
        await new.open(link)
        assert "Prends soin de Pataud." in new.text
        assert "Zoé" not in new.text
        await new.send({"name": "", "email": "eli@exemple.ca", "do": "accept"})
        assert new.status == 422
        async with transaction(licensed.host.engine):
            told = ByHand(way="phone", about=Text(fr="À dire à l’ancienne personne"))
            await owe(licensed.host, await find(licensed.host, licensed.reference), new_id(), told)
        await new.send({"name": "Éli Roy", "email": "eli@exemple.ca", "do": "accept"})
        assert await OwedContact.count() == 0  # what was to be told to the one before
        assert new.path == f"/fr/suivi/{licensed.reference}"
        assert "Le dossier est maintenant à votre nom." in new.text
        assert "Éli Roy" in new.text
        assert "Zoé" not in new.text
        assert "En vigueur jusqu’au 2 mars 2027" in new.text
        await former.open(f"/fr/suivi/{licensed.reference}")
        assert "Éli" not in former.text  # the former link opens it no more
        await new.open(link)
        assert new.status == 410
    record = await licensed.record()
    assert (record.holders, record.holder_since) == (1, datetime(2026, 5, 4, 15, tzinfo=UTC))
    assert (await contact_of(record)).email == "eli@exemple.ca"
    letters = [letter["to"] for letter in await letters_of(record)]
    assert letters == ["eli@exemple.ca", "zoe@exemple.ca"]


async def test_a_file_in_a_message_of_the_former_owner_reaches_the_new_one_by_no_door(licensed, visitor, jpeg):
    former, reference = licensed.browser, licensed.reference
    with clock.moved_to(datetime(2026, 5, 4, 15, tzinfo=UTC)):
        await licensed.page()
        await former.send({"words": "Voici Pataud."}, files=[("files", ("pataud.jpg", jpeg, "image/jpeg"))])
        assert "pataud.jpg" in former.text
        ((photo,),) = [
            entry.body["files"] for entry in await entries_of(await licensed.record()) if entry.kind == "received"
        ]
        await former.open(f"/fr/suivi/{reference}/transfert/licence")
        await former.send({"name": "Éli Roy", "email": "eli@exemple.ca"})
        (offered,) = await offers_of((await licensed.record()).id)
    with clock.moved_to(datetime(2026, 5, 5, 15, tzinfo=UTC)):
        new = visitor()
        await new.open(f"/fr/transfert/{token_of(licensed.host.secret, 'handover-key', offered.id)}")
        await new.send({"name": "Éli Roy", "email": "eli@exemple.ca", "do": "accept"})
        assert new.path == f"/fr/suivi/{reference}"
        assert "pataud" not in new.page.text
        await new.open(f"/fr/suivi/{reference}/fichiers/{photo}")
        assert new.status == 404
        await new.open(f"/fr/suivi/{reference}")
        await new.send({"words": "Et moi."}, files=[("files", ("moi.jpg", jpeg, "image/jpeg"))])
        assert "moi.jpg" in new.text
        record = await licensed.record()
        key = f"?key={key_for(licensed.host.secret, record.id, record.holders)}"
        said = (await new.http.get(f"{HOST}/api/v1/requests/{reference}{key}")).json()
        assert [each["name"] for each in said["files"]] == ["moi.jpg"]
        (own,) = [each["id"] for each in said["files"]]
        assert (await new.http.get(f"{HOST}/api/v1/attachments/{photo}{key}")).status_code == 404
        assert (await new.http.get(f"{HOST}/api/v1/attachments/{own}{key}")).status_code == 200
        town = licensed.host.jurisdictions.jurisdiction("parvis")
        (theirs,) = (await gather(licensed.host, town, "eli@exemple.ca", "fr")).requests
        assert [each.attachment.name for each in theirs.files] == ["moi.jpg"]


@pytest.mark.parametrize("do", ["decline", "cancel"])
async def test_a_transfer_that_is_declined_or_taken_back_changes_nothing(licensed, visitor, do):
    with clock.moved_to(datetime(2026, 5, 4, 15, tzinfo=UTC)):
        await licensed.browser.open(f"/fr/suivi/{licensed.reference}/transfert/licence")
        await licensed.browser.send({"name": "Éli Roy", "email": "eli@exemple.ca"})
        (offered,) = await offers_of((await licensed.record()).id)
        new = visitor()
        await new.open(f"/fr/transfert/{token_of(licensed.host.secret, 'handover-key', offered.id)}")
        if do == "cancel":
            await licensed.browser.open(f"/fr/suivi/{licensed.reference}/transfert/licence")
            await licensed.browser.send({"do": "cancel"})
            await new.send({"name": "Éli Roy", "email": "eli@exemple.ca", "do": "accept"})
        else:
            await new.send({"do": "decline"})
        assert new.status == 410
    record = await licensed.record()
    assert (record.holders, (await contact_of(record)).email) == (0, "zoe@exemple.ca")
    assert "Zoé Côté" in await licensed.page()
    await erase(licensed.host, licensed.reference, actor=ANA)
    assert [(each.name, each.email, each.words) for each in await offers_of(record.id)] == [("", "", "")]


async def letters_of(record) -> list[dict]:
    rows = await Delivery.select(Delivery.event).where(Delivery.request == record.id).order_by(Delivery.id)
    events = [msgspec.json.decode(row["event"]) for row in rows]
    return [event["message"] for event in events if event["event"] == "message_due"]
