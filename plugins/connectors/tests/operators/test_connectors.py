"""What operators see of other systems and do about them: how they stand, what was said, checks, comparisons, strays."""

from datetime import timedelta
from types import ModuleType

import httpx
import msgspec
import pytest

from parvis import clock
from parvis.app import create_app
from parvis.db import transaction
from parvis.db.tables import Delivery
from parvis.http_client import Clients, RecordingTransport
from parvis.outbox import circuits, listing
from parvis.people.tokens import TokenLimits, make_token
from parvis.plugins import DiscoveredPlugin
from parvis.requests.request_service import RequestService
from parvis.troubles import only_words
from parvis.worker import Relay
from parvis_connectors import unmatched_updates
from parvis_connectors.operators import budgets, measures
from parvis_connectors.plugin_days import PluginUsage, Used
from parvis_connectors.polling import poll_if_due, poll_now
from parvis_connectors.resting_chores import ChoreOfVersion, count_death, noted
from parvis_connectors.settings import Budget
from parvis_connectors.unmatched_updates import take
from parvis_sdk.chores import Chore, Every
from parvis_sdk.connectors import Checked, Connector, Feature, News, Pace, Theirs, Whole
from parvis_sdk.errors import Later, Refused
from parvis_sdk.events import Moved, Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.mapping import Column, Mapped
from parvis_sdk.subscriptions import Outcome, Update
from parvis_sdk.text import Text
from parvis_testing.modules import switch
from parvis_testing.operators import BOTH, HERE, Grant, settings_on, visiting
from parvis_testing.town import with_own_deployment

ORDERS = Text(fr="Bons de travail", en="Work orders")
WHOLE = Text(fr="Tout y est", en="All there")
IN_TROUBLE = Text(fr="il a des ennuis (HTTP {status})", en="it is in trouble (HTTP {status})")
NO = Text(fr="il dit non (HTTP {status})", en="the system refuses (HTTP {status})")


class System:
    """What the other system answers; tests say it."""

    def __init__(self):
        self.status = 200
        self.asked = []
        self.news = ()
        self.brings = {}
        self.holds = ()
        self.allowed = True

    async def answer(self, request):
        self.asked.append(request)
        words = msgspec.json.encode({"number": f"WO-{len(self.asked)}", "token": "qwerty"})
        return httpx.Response(self.status, stream=httpx.ByteStream(words), headers={"content-type": "application/json"})

    async def deliver(self, event, request, connection):
        answer = await connection.http.post("https://erp.example/orders", json={"about": request.reference})
        if answer.status_code >= 500:
            raise Later(IN_TROUBLE.format(status=answer.status_code))
        if answer.status_code >= 400:
            raise Refused(NO.format(status=answer.status_code))
        return Outcome(external_reference=answer.json()["number"])

    async def changes(self, connection, cursor):
        return News(updates=self.news, cursor="1", **self.brings)

    async def check(self, connection):
        return (
            Checked(code="settings", ok=True, said=WHOLE),
            Checked(code="reachable", ok=True, said=WHOLE),
            Checked(code="allowed", ok=self.allowed, said=Text(fr="Le jeton est refusé", en="The token is refused")),
        )

    async def listed(self, connection, since, until):
        return self.holds

    async def trial(self, connection):
        return (await connection.http.get("https://erp.example/ping")).text


def connectors_of(system):
    return [
        Connector(
            name="orders",
            title=ORDERS,
            address="https://erp.example",
            deliver=system.deliver,
            events=(Submitted, Moved),
            needs=("contact",),
            types=("hole",),
            mappings=(
                Mapped(
                    to="work_order",
                    types=("hole",),
                    columns={
                        "REF": "reference",
                        "DANGER": Column(source="answers.danger", codes={"true": "URGENT"}, otherwise="NORMAL"),
                        "ORIGIN": "'311'",
                    },
                    read="STATUS",
                    moves={"Completed": "give_up"},
                ),
            ),
            changes=system.changes,
            check=system.check,
            listed=system.listed,
            trial=system.trial,
            layers=("lots",),
        ),
        Connector(
            name="elsewhere",
            title=Text(fr="Ailleurs"),
            address="https://a.example",
            deliver=system.deliver,
            events=(Submitted,),
            towns=("rivemont",),
        ),
    ]


async def nothing(town, connection):
    return None


COMPARE = Chore(
    code="compare",
    title=Text(fr="Comparaison", en="Comparison"),
    turns=Every(minutes=30),
    work=nothing,
    towns=("parvis",),
)
SYSTEM = System()


@pytest.fixture
def system():
    """The one other system, as it is before anybody asks it."""
    SYSTEM.__init__()
    return SYSTEM


@pytest.fixture(scope="module")
def app_with_connectors(tmp_path_factory, town_plugin, modules):
    module = ModuleType("test_erp_plugin")

    @hookimpl
    def connectors():
        return connectors_of(SYSTEM)

    module.connectors = connectors
    module.chores = hookimpl(lambda: [COMPARE])
    erp = DiscoveredPlugin.of("erp", module, distribution="parvis-erp", version="1.2")
    given = settings_on(data=tmp_path_factory.mktemp("connected"))
    app = create_app(given, plugins=[town_plugin, erp], modules=modules)
    assert not app.state.deployment.plugins.troubles, [
        str(trouble) for trouble in app.state.deployment.plugins.troubles
    ]
    return app, app.state.dict()


@pytest.fixture
async def site(settings, app_with_connectors, system):
    app, first_state = app_with_connectors
    with_own_deployment(app, first_state, settings)
    async with visiting(app) as site:
        await switch(site.host, "on")
        answer_by(site, system.answer)
        yield site


def answer_by(site, answer):
    """What is said to the system `orders` goes there."""
    client = site.host.of(Clients).of("orders", Pace())
    client._transport = RecordingTransport(httpx.MockTransport(answer), Pace())


async def submitted(site):
    raw = {
        "language": "fr",
        "answers": {"danger": False},
        "place": HERE,
        "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"},
    }
    return (await RequestService(site.host).submit("parvis", "hole", raw, channel="portal")).reference


async def delivered(site):
    reference = await submitted(site)
    await Relay(site.host, luck=lambda: 0.0).drain()
    return reference


async def test_a_connector_that_needs_somebody_stands_first_and_says_how_it_is(site, system):
    await site.sign_in(language="en")
    system.status = 422
    await delivered(site)
    page = await site.page("/connecteurs")
    assert page.index("Work orders") < page.index("Ailleurs")
    for words in ("needs attention", "no problem", "not checked yet"):
        assert words in page, words


async def test_the_page_of_one_says_what_it_is_told_and_what_goes_where(site):
    await site.sign_in()
    page = await site.page("/connecteurs/orders")
    for words in (
        "https://erp.example",
        "une requête a été reçue",
        "nom et coordonnées de la personne",
        "Trou",
        "work_order",
        "REF",
        "Dangereux ?",
        "toujours «\u00a0311\u00a0»",
        "true → URGENT",
        "par défaut → NORMAL",
        "Completed",
        "Abandonner",
    ):
        assert words in page, words
    assert (await site.get("/connecteurs/nobody")).status_code == 404


async def test_who_runs_none_of_its_towns_does_not_see_a_connector(site):
    await site.sign_in(grants=BOTH[:1])
    assert "Ailleurs" not in await site.page("/connecteurs")
    assert (await site.get("/connecteurs/elsewhere")).status_code == 404


async def test_what_was_said_is_read_beside_the_delivery_and_on_the_page_of_the_connector(site, system):
    await site.sign_in()
    system.status = 503
    reference = await delivered(site)
    [line] = [each for each in await listing(["postponed"]) if each.subscriber == "connector:orders"]
    for page in (await site.page(f"/livraisons/{line.id}"), await site.page("/connecteurs/orders")):
        assert "POST https://erp.example/orders" in page
        assert ">503<" in page
        assert f"&#34;about&#34;:&#34;{reference}&#34;" in page
        assert "WO-1" in page
        assert "qwerty" not in page


async def test_why_a_delivery_failed_is_read_in_the_language_of_the_page(site, system):
    system.status = 503
    await delivered(site)
    [line] = [each for each in await listing(["postponed"]) if each.subscriber == "connector:orders"]
    everywhere = ("/livraisons", f"/livraisons/{line.id}", "/circuits", "/connecteurs/orders")
    french = ("il a des ennuis (HTTP 503)", "rien à faire, sauf si cela persiste")
    english = ("it is in trouble (HTTP 503)", "no action needed unless this lasts")
    for email, language, said, unsaid in (
        ("karim@parvis.example", "fr", french, english),
        ("kim@parvis.example", "en", english, french),
    ):
        await site.sign_in(email, language=language)
        for address in everywhere:
            page = await site.page(address)
            for words in said:
                assert words in page, (address, words)
            for words in unsaid:
                assert words not in page, (address, words)
    one = await site.page(f"/livraisons/{line.id}")
    assert "next try after" in one
    assert f"erp (parvis-erp 1.2) · connector:orders · {line.reference}" in one


async def test_words_in_one_language_are_marked_as_such(site):
    await site.sign_in()
    [one] = await site.deliveries()
    before = "erp (parvis-erp 1.2) · town.tell · it raised KeyError: 1"
    async with transaction(site.host.engine):
        await Delivery.update({Delivery.trouble: before, Delivery.state: "dead"}).where(Delivery.id == one.id)
    for address in ("/livraisons", f"/livraisons/{one.id}"):
        assert f'<span class="breakable" lang="en">{before}</span>' in await site.page(address), address


async def test_calls_are_read_page_by_page(site, monkeypatch):
    monkeypatch.setattr("parvis_connectors.operators.connectors.CALLS_SHOWN", 1)
    await site.sign_in()
    first, second = await delivered(site), await delivered(site)
    newest = await site.page("/connecteurs/orders")
    assert second in newest
    assert first not in newest
    before = newest.partition("/exploitation/connecteurs/orders?avant=")[2].partition("#")[0]
    assert first in await site.page("/connecteurs/orders", avant=before)


async def test_a_refused_delivery_is_told_in_plain_words_with_what_to_do(site, system):
    await site.sign_in()
    system.status = 422
    reference = await delivered(site)
    page = await site.page("/connecteurs/orders")
    assert "1 livraison abandonnée demande une intervention" in page
    assert reference in page
    assert "il dit non (HTTP 422)" in page
    assert "corrigez ce qui a été refusé" in page
    system.status = 200
    [line] = await listing(["dead"])
    await site.post(f"/livraisons/{line.id}/relance", "/connecteurs/orders")
    await Relay(site.host, luck=lambda: 0.0).drain()
    assert await listing(["dead"]) == ()


async def test_those_given_up_are_counted_by_connector_before_they_are_tried_again(site, system):
    await site.sign_in()
    system.status = 422
    await delivered(site)
    await delivered(site)
    page = await site.page("/livraisons/relance", abonne="connector:orders")
    assert "2 livraisons ont été abandonnées" in page
    assert '<option value="connector:orders" selected' in page


async def test_a_check_gives_three_answers(site, system):
    await site.sign_in()
    system.allowed = False
    answer = await site.post("/connecteurs/orders/verification", "/connecteurs/orders")
    assert answer.status_code == 200
    for words in ("Les paramètres sont-ils complets", "Tout y est", "L’accès est-il autorisé", "Le jeton est refusé"):
        assert words in answer.text, words


async def test_a_trial_shows_what_came_back_or_how_it_failed(site, system):
    await site.sign_in()
    answer = await site.post("/connecteurs/orders/essai", "/connecteurs/orders")
    assert "WO-1" in answer.text

    async def broken(request):
        raise httpx.ConnectError("connection refused")

    answer_by(site, broken)
    answer = await site.post("/connecteurs/orders/essai", "/connecteurs/orders")
    assert "L’essai a échoué" in answer.text
    assert "connection refused" in answer.text


async def test_asking_for_news_makes_the_poll_due(site, system):
    await site.sign_in()
    connector = site.host.plugins.connectors["orders"]
    assert await poll_if_due(site.host, connector, "one") == 0
    assert await poll_if_due(site.host, connector, "one") is None
    answer = await site.post("/connecteurs/orders/interrogation", "/connecteurs/orders")
    assert answer.status_code == 303
    assert "dans quelques secondes" in (await site.http.get(answer.headers["location"])).text
    assert await poll_if_due(site.host, connector, "one") == 0


async def test_a_connector_is_paused_and_resumed_by_a_button(site, system):
    await site.sign_in()
    paused = await site.post("/connecteurs/orders/pause", "/connecteurs/orders")
    page = (await site.http.get(paused.headers["location"])).text
    assert "Les livraisons à ce système sont en pause" in page
    assert "Mis en pause par " in page
    assert "Rien n’est perdu" in page
    assert "en pause" in (await site.get("/connecteurs")).text
    resumed = await site.post("/connecteurs/orders/reprise", "/connecteurs/orders")
    page = (await site.http.get(resumed.headers["location"])).text
    assert "Les livraisons en attente reprennent" in page
    assert "Mis en pause par " not in page


async def test_a_connector_that_is_paused_by_itself_says_since_when_it_fails(site, system):
    await site.sign_in()
    async with transaction(site.host.engine):
        await circuits.failed(site.host.engine, "connector:orders", only_words("away"))
        await circuits.pause(site.host.engine, "connector:orders", "")
    assert "Automatique : toutes les livraisons échouent depuis" in (await site.get("/connecteurs/orders")).text


async def test_a_request_is_sent_again_and_what_cannot_be_is_said(site, system):
    await site.sign_in(grants=BOTH[:1])
    reference = await delivered(site)
    for typed, words in (("", "Entrez"), ("7K3M-9QXT-4", "Aucune requête")):
        answer = await site.post("/connecteurs/orders/renvoi", "/connecteurs/orders", reference=typed)
        assert answer.status_code == 422
        assert words in answer.text
    answer = await site.post("/connecteurs/orders/renvoi", "/connecteurs/orders", reference=reference.lower())
    assert answer.status_code == 303
    assert [each.event for each in await listing(["waiting"]) if each.subscriber == "connector:orders"] == ["resent"]


async def test_a_request_of_a_town_that_one_does_not_run_is_not_sent(site, system):
    reference = await delivered(site)
    await site.sign_in(grants=(Grant(role="operator", jurisdiction="rivemont"),))
    answer = await site.post("/connecteurs/orders/renvoi", "/connecteurs/orders", reference=reference)
    assert answer.status_code == 422
    assert [each for each in await listing(["waiting"]) if each.subscriber == "connector:orders"] == []


async def test_differences_of_a_period_are_listed_and_mended_one_or_all(site, system):
    await site.sign_in()
    lost, behind = await delivered(site), await delivered(site)
    system.holds = (
        Theirs(external_reference="WO-2", update=Update(key="late", note=Text(fr="Terminé", en="Finished"))),
        Theirs(external_reference="WO-9"),
    )
    assert "Écart" not in await site.page("/connecteurs/orders/comparaison")
    page = await site.page("/connecteurs/orders/comparaison", du="2000-01-01", au=tomorrow())
    for words in (lost, behind, "WO-9", "absente de ce système", "Terminé", "Corriger les 2", "À examiner"):
        assert words in page, words
    where = f"/connecteurs/orders/comparaison?du={days_ago()}&au={tomorrow()}"
    one = await site.post(
        "/connecteurs/orders/comparaison",
        where,
        du=days_ago(),
        au=tomorrow(),
        difference=f"behind_here {behind} WO-2",
    )
    assert "fait=oui&n=1" in one.headers["location"]
    page = (await site.http.get(one.headers["location"])).text
    assert "Terminé" not in page
    assert lost in page
    await site.post("/connecteurs/orders/comparaison", where, du=days_ago(), au=tomorrow(), difference="all")
    [again] = [each for each in await listing(["waiting"]) if each.subscriber == "connector:orders"]
    assert (again.reference, again.event) == (lost, "resent")


async def test_a_difference_that_is_none_is_not_mended(site, system):
    await site.sign_in()
    reference = await delivered(site)
    system.holds = (Theirs(external_reference="WO-1"),)
    where = f"/connecteurs/orders/comparaison?du={days_ago()}&au={tomorrow()}"
    forged = f"missing_there {reference} WO-1"
    answer = await site.post("/connecteurs/orders/comparaison", where, du=days_ago(), au=tomorrow(), difference=forged)
    assert "fait=non&n=0" in answer.headers["location"]
    assert [each for each in await listing(["waiting"]) if each.subscriber == "connector:orders"] == []


async def test_requests_of_towns_that_one_does_not_run_are_in_no_comparison(site, system):
    reference = await delivered(site)
    await site.sign_in(grants=(Grant(role="operator", jurisdiction="rivemont"),))
    assert reference not in await site.page("/connecteurs/orders/comparaison", du=days_ago(), au=tomorrow())


async def stray_on(site, key="k1", external="WO-77"):
    connector = site.host.plugins.connectors["orders"]
    note = Text(fr="La lampe est réparée", en="The lamp is repaired")
    await take(site.host, connector, Update(external_reference=external, key=key, note=note, move="resolve"))
    return (await unmatched_updates.strays())[0]


async def test_news_that_nobody_could_place_is_matched_with_a_request(site, system):
    await site.sign_in()
    reference = await submitted(site)
    found = await stray_on(site)
    listed = await site.page("/egarees")
    for words in ("La lampe est réparée", "WO-77", "aucune requête trouvée sous ce numéro", "Bons de travail"):
        assert words in listed, words
    for path in ("/connecteurs/orders", ""):
        assert "1 mise à jour non rattachée" in await site.page(path)
    for typed, words in (("", "Entrez"), ("7K3M-9QXT-4", "Aucune requête")):
        answer = await site.post(f"/egarees/{found.id}/rattachement", f"/egarees/{found.id}", reference=typed)
        assert answer.status_code == 422
        assert words in answer.text
    answer = await site.post(f"/egarees/{found.id}/rattachement", f"/egarees/{found.id}", reference=reference)
    settled = (await site.http.get(answer.headers["location"])).text
    for words in (reference, "Karim Diallo", "rattachée"):
        assert words in settled, words
    assert "La lampe est réparée" not in await site.page("/egarees")
    assert "La lampe est réparée" in await site.page("/egarees", etat="rattachees")
    late = await site.http.post(f"/exploitation/egarees/{found.id}/rattachement", data={"_csrf": "x"})
    assert late.status_code == 403


async def test_news_is_not_matched_with_a_request_of_a_town_that_one_does_not_run(site):
    reference = await submitted(site)
    found = await stray_on(site)
    await site.sign_in(grants=(Grant(role="operator", jurisdiction="rivemont"),))
    answer = await site.post(f"/egarees/{found.id}/rattachement", f"/egarees/{found.id}", reference=reference)
    assert answer.status_code == 422
    assert "vous n’exploitez pas" in answer.text
    assert (await unmatched_updates.stray(found.id)).state == "open"


async def test_news_of_a_system_of_another_town_is_neither_counted_nor_listed(site):
    connector = site.host.plugins.connectors["elsewhere"]
    await take(site.host, connector, Update(external_reference="WO-77", key="k1", note=Text(fr="Réparé")))
    await site.sign_in(grants=(Grant(role="operator", jurisdiction="parvis"),))
    assert "Réparé" not in await site.page("/egarees")
    assert "mise à jour non rattachée" not in await site.page("")
    await site.sign_in(email="brian@rivemont.example", grants=(Grant(role="operator", jurisdiction="rivemont"),))
    assert "Réparé" in await site.page("/egarees")
    assert "1 mise à jour non rattachée" in await site.page("")


async def test_news_is_dropped_only_with_a_reason(site):
    await site.sign_in(language="en")
    found = await stray_on(site)
    refused = await site.post(f"/egarees/{found.id}/retrait", f"/egarees/{found.id}", reason=" ")
    assert refused.status_code == 422
    done = await site.post(f"/egarees/{found.id}/retrait", f"/egarees/{found.id}", reason="Made there by hand")
    page = (await site.http.get(done.headers["location"])).text
    for words in ("Made there by hand", "Karim Diallo", "dismissed"):
        assert words in page, words
    assert (await site.get("/egarees/not-an-id")).status_code == 404


def tomorrow():
    return (clock.now() + timedelta(days=1)).date().isoformat()


def days_ago():
    return (clock.now() - timedelta(days=3)).date().isoformat()


async def test_measures_tell_of_every_connector(site, system):
    system.status = 422
    await delivered(site)
    await stray_on(site)
    text = (await site.http.get("/metrics")).text
    for line in (
        'parvis_connector_dead{connector="orders"} 1.0',
        'parvis_connector_dead{connector="elsewhere"} 0.0',
        'parvis_connector_open{connector="orders"} 0.0',
        'parvis_connector_strays{connector="orders"} 1.0',
        'parvis_connector_waiting{connector="orders"} 0.0',
    ):
        assert line in text, line


async def test_a_chore_that_rests_is_named_on_the_page_of_plugins_and_begins_again_by_a_button(site):
    await site.sign_in()
    assert "en pause automatique" not in await site.page("/extensions")
    compare = ChoreOfVersion(name="erp.compare@parvis", version="1.2")
    ended, before = only_words("il a mis fin à tout son processus"), None
    for _ in range(2):
        before = await count_death(site.host.engine, compare, before, clock.now(), ended)
    assert "1 tâche d’extension est suspendue" in await site.page()
    page = await site.page("/extensions")
    for words in (
        "erp.compare@parvis",
        "Comparaison (erp, ",
        "il a mis fin à tout son processus",
        "Reprendre la tâche",
    ):
        assert words in page, words
    assert 'parvis_plugin_chore_resting{chore="erp.compare@parvis"} 1.0' in (await site.http.get("/metrics")).text
    await site.post("/extensions/taches", "/extensions", tache="timers")
    assert await noted() != {}
    await site.post("/extensions/taches", "/extensions", tache=compare.name)
    assert await noted() == {}
    assert "en pause automatique" not in await site.page("/extensions")


async def test_the_page_of_plugins_says_what_each_used_today_beside_its_budget(site, monkeypatch):
    await site.sign_in()
    used = Used(calls=31, seconds=2)
    shown = (PluginUsage(plugin="erp", used=used, budget=Budget(calls=30, seconds=60)),)

    async def said(host):
        return shown

    for module in (budgets, measures):
        monkeypatch.setattr(module, "usages", said)
    page = await site.page("/extensions")
    for words in ("Usage des extensions aujourd’hui", "31 sur 30", "budget dépassé", "2 sur 60"):
        assert words in page, words
    assert "1 extension dépasse son budget" in await site.page()
    line = 'parvis_plugin_beyond_budget{of="calls",plugin="erp"} 1.0'
    assert line in (await site.http.get("/metrics")).text


async def test_a_machine_that_may_watch_reads_how_connectors_stand(site, system):
    system.status = 422
    await delivered(site)
    keys = {
        scope: (await make_token(site.host.engine, name="m", jurisdiction="parvis", scopes=(scope,)))[0]
        for scope in ("operate", "contacts:read")
    }
    refused = await site.http.get(
        "/api/v1/connectors", headers={"authorization": f"Bearer {keys['contacts:read']}", "accept": "application/json"}
    )
    assert refused.status_code == 403
    answer = await site.http.get("/api/v1/connectors", headers={"authorization": f"Bearer {keys['operate']}"})
    [orders] = answer.json()["items"]
    assert (orders["name"], orders["state"], orders["dead"], orders["needs_somebody"]) == ("orders", "well", 1, True)
    asked = {"params": {"fields": "name,state"}, "headers": {"authorization": f"Bearer {keys['operate']}"}}
    narrowed = (await site.http.get("/api/v1/connectors", **asked)).json()
    assert narrowed == {"items": [{"name": "orders", "state": "well"}], "next_cursor": ""}
    for limits in (TokenLimits(units=("roads",)), TokenLimits(types=("hole",))):
        key, _ = await make_token(site.host.engine, name="m", jurisdiction="parvis", scopes=("operate",), limits=limits)
        limited = await site.http.get("/api/v1/connectors", headers={"authorization": f"Bearer {key}"})
        assert limited.status_code == 403, limited.text


async def test_a_layer_says_when_it_was_read_what_changed_and_what_was_left_out(site, system):
    def lot(key, geometry=None, **more):
        return Feature(layer="lots", key=key, code=f"lot {key}", geometry=geometry, **more)

    point = {"type": "Point", "coordinates": [-73.58, 45.52]}
    whole = (Whole(layer="lots", keys=frozenset("123")),)
    for features in ((lot("1", point),), (lot("2", point), lot("3", trouble="its ring is open"))):
        system.brings = {"features": features, "whole": whole}
        await poll_now(site.host, site.host.plugins.connectors["orders"], "test")
    await site.sign_in(language="en")
    page = await site.page("/connecteurs/orders")
    for words in ("Layer “lots”", "Last complete read", "lot 2", "added", "its ring is open", "Left out or corrected"):
        assert words in page, words
    assert '<th scope="row" class="breakable">lot 1</th>' not in page  # the first reading is no change
