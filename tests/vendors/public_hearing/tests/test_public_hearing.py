"""A hearing is called at the desk, told, reminded of, waited for and held; it is nowhere where the module is off."""

import json
import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from msgspec import structs
from parvis_public_hearing.calling import remind
from parvis_public_hearing.hearings import hearings_of
from parvis_public_hearing.settings import SETTINGS, settings_in

from parvis import clock
from parvis.db import transaction
from parvis.module_settings import wrong_settings
from parvis.modules import NO_MODULES
from parvis.people.agents import Grant, add_agent
from parvis.people.tokens import UnknownScopes, make_token, token_of
from parvis.requests.erasure_rules import forget_all, told_besides
from parvis.requests.history import entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis.requests.references import key_for
from parvis.viewers import permissions_in, viewer_of
from parvis.worker.chores import chores_of, due_somewhere
from parvis_my_requests.archive import as_data, gather
from parvis_sdk.workflow import Denied
from parvis_testing.desk import ANA, PASSWORD, counted_as
from parvis_testing.jurisdictions import SmallTown
from parvis_testing.modules import every_scope, switch
from parvis_testing.street import Street

WORDS = ("public_hearing", "public hearing", "audience publique", "audiences publiques")


@pytest.fixture
async def called(desk):
    """A request about which a hearing is called by a form of the desk, in ten days."""
    record = await desk.request()
    clerk = await desk.signed_in("agent")
    path = f"/bureau/requete/{record.reference}/audience/zoning"
    day = (clock.now() + timedelta(days=10)).strftime("%Y-%m-%dT19:00")
    await clerk.get(path)
    assert clerk.page.status_code == 200
    await clerk.post(path, at=day, place="Salle du conseil", invited="Monsieur Roy, du 14")
    assert clerk.page.status_code == 200, clerk.text
    return record, clerk


async def facts_of(record):
    return [each.body["facts"] for each in await entries_of(record) if each.kind == "happened"]


async def test_it_is_called_at_the_desk_and_shown_to_whoever_asked(desk, called):
    record, clerk = called
    assert "Salle du conseil" in clerk.text
    assert await facts_of(record) == [["public_hearing.zoning.called"]]
    await clerk.get("/bureau/audiences")
    assert record.reference in clerk.text
    assert 'href="/bureau/audiences"' in clerk.page.text
    key = key_for(desk.host.secret, record.id)
    visitor = desk.browser()
    assert "Salle du conseil" in (await visitor.get(f"/fr/suivi/{record.reference}?cle={key}")).text
    assert "Public hearings" in (await visitor.get(f"/en/track/{record.reference}?key={key}")).text
    assert "Monsieur Roy" not in visitor.page.text


async def test_what_was_typed_wrong_is_told_and_kept(desk):
    record = await desk.request()
    clerk = await desk.signed_in("agent")
    path = f"/bureau/requete/{record.reference}/audience/zoning"
    await clerk.get(path)
    await clerk.post(path, at="demain", place="Salle du conseil")
    assert clerk.page.status_code == 422
    assert "Salle du conseil" in clerk.page.text
    await clerk.post(path, at="2020-01-01T19:00", place="Salle du conseil")
    assert "à venir" in clerk.text
    assert await hearings_of(record.id) == ()


async def test_whoever_asked_is_told_once_and_reminded_once(desk, called, monkeypatch):
    record, _ = called
    assert await remind(desk.host) == 0
    later = clock.now() + timedelta(days=8)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert await remind(desk.host) == 1
    assert await remind(desk.host) == 0
    assert await facts_of(record) == [["public_hearing.zoning.called"], ["public_hearing.zoning.reminded"]]


LETTERS = {
    "fr": (
        "Une audience publique se tient le",
        "Lieu\u00a0: Salle du conseil. Toute personne",
        "publique approche\u00a0: le",
    ),
    "en": ("A public hearing is held on", "Place: Salle du conseil. Anybody", "public hearing is near:"),
}


@pytest.mark.parametrize("language", LETTERS)
async def test_whoever_asked_reads_it_in_letters_in_their_language(desk, monkeypatch, language):
    record, post = await desk.request(language=language), Street(desk)
    called, place, near = LETTERS[language]
    clerk = await desk.signed_in("agent")
    path, now = f"/bureau/requete/{record.reference}/audience/zoning", clock.now()

    async def by_form():
        await clerk.get(path)
        await clerk.post(path, at=f"{now + timedelta(days=10):%Y-%m-%dT19:00}", place="Salle du conseil")
        return await desk.record(record.reference)

    async def by_chore():
        [chore] = [each for each in chores_of(desk.host) if each.name == "public_hearings"]
        assert due_somewhere(desk.host, [chore]) == (chore,)
        assert await chore.work() == 1
        return await desk.record(record.reference)

    [(to, reference, text)] = await post.told(by_form())
    assert (to, reference) == ("zoe@exemple.ca", record.reference)
    assert (called in text, place in text) == (True, True), text
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=8))
    [(to, _, text)] = await post.told(by_chore())
    assert (to, near in text, "Salle du conseil" in text) == ("zoe@exemple.ca", True, True), text


@pytest.mark.parametrize(("language", "title"), [("fr", "Audience sur le zonage"), ("en", "Hearing on zoning")])
async def test_the_archive_of_a_person_holds_the_hearings_of_their_requests(desk, called, language, title):
    record, _ = called
    town = desk.host.jurisdictions.jurisdiction("parvis")

    async def told():
        data = as_data(await gather(desk.host, town, "zoe@exemple.ca", language))
        return json.loads(data)["requests"][0]

    [hearing] = (await told())["public_hearings"]
    assert (hearing["title"], hearing["state"], hearing["place"]) == (title, "called", "Salle du conseil")
    assert "Monsieur Roy, du 14" in json.dumps(await told(), ensure_ascii=False)
    await switch(desk.host, "off", "public_hearing")
    assert (await told())["public_hearings"] == [hearing]
    await erase(desk.host, record.reference, actor=ANA)
    assert [(each.place, each.invited) for each in await hearings_of(record.id)] == [("Salle du conseil", "")]


async def test_a_step_waits_until_it_was_held(desk, called, monkeypatch):
    record, _ = called
    refused = await make_move(desk.host, record.reference, "start", {}, actor=ANA, mover="agent")
    assert isinstance(refused, Denied)
    assert refused.reason.en == "The hearing has not begun yet."
    later = clock.now() + timedelta(days=12)
    monkeypatch.setattr(clock, "now", lambda: later)
    done = await make_move(desk.host, record.reference, "start", {}, actor=ANA, mover="agent")
    assert done.state == "working"
    assert [each.state for each in await hearings_of(record.id)] == ["held"]


@pytest.fixture
def said(desk):
    """What the file of the town says, in place of nothing."""

    def say(**values):
        towns = desk.host.jurisdictions.by_code
        towns["parvis"] = structs.replace(towns["parvis"], module_settings={"public_hearing": values})

    before = desk.host.jurisdictions.by_code["parvis"]
    yield say
    desk.host.jurisdictions.by_code["parvis"] = before


async def test_a_town_says_where_people_are_heard_and_how_long_before_they_know(desk, said):
    said(usual_place="Centre Roussin", notice_days=7)
    record = await desk.request()
    clerk = await desk.signed_in("agent")
    path = f"/bureau/requete/{record.reference}/audience/zoning"
    await clerk.get(path)
    assert 'value="Centre Roussin"' in clerk.page.text
    day = (clock.now() + timedelta(days=3)).strftime("%Y-%m-%dT19:00")
    await clerk.post(path, at=day, place="Centre Roussin")
    assert "au moins 7 jours d’avance" in clerk.text


async def test_what_a_town_says_wrong_is_told_and_the_usual_holds(desk, said):
    said(notice_day=7)
    town = desk.host.jurisdictions.by_code["parvis"]
    assert settings_in(town) == SETTINGS
    [wrong] = wrong_settings(desk.host.jurisdictions, desk.host.modules.registry)
    assert (wrong.file, "notice_day" in wrong.what) == ("parvis/modules/public_hearing.toml", True)
    [unread] = wrong_settings(desk.host.jurisdictions, NO_MODULES)
    assert unread.what == "is read by no module that is installed"


def test_a_file_of_a_module_is_read_beside_those_of_the_town(tmp_path):
    town = SmallTown(tmp_path / "territory")
    (town.folder / "essai/modules").mkdir()
    town.write("essai/modules/public_hearing.toml", 'usual_place = "Sous-sol de l’église"\n')
    assert settings_in(town.load()).usual_place == "Sous-sol de l’église"


async def test_a_program_reads_them(desk, called):
    record, _ = called
    added = desk.host.modules.scopes(desk.host.jurisdictions.get("parvis"))
    asked = {"name": "Pont", "jurisdiction": "parvis", "scopes": ("hearings:read",)}
    key, _ = await make_token(desk.host.engine, added=added, **asked)
    program = desk.browser()
    answer = await program.get("/api/v1/public-hearings", authorization=f"Bearer {key}")
    assert [each["reference"] for each in answer.json()] == [record.reference]
    assert "/public-hearings" in (await program.get("/api/v1/openapi.json")).json()["paths"]


async def test_who_was_invited_is_told_to_whom_it_is_about_and_goes_with_the_request(desk, called):
    record, _ = called
    told = (await told_besides(desk.host, record))["public_hearing_session"]
    assert [each["invited"] for each in told] == ["Monsieur Roy, du 14"]
    async with transaction(desk.host.engine):
        await forget_all(desk.host, record)
    assert [(each.place, each.invited) for each in await hearings_of(record.id)] == [("Salle du conseil", "")]


async def test_what_is_held_is_a_figure_of_the_dashboard_with_its_list(desk, called, monkeypatch):
    record, _ = called
    later = clock.now() + timedelta(days=12)
    monkeypatch.setattr(clock, "now", lambda: later)
    manager = await desk.signed_in("manager")

    async def tile():
        await manager.get("/bureau/tableau")
        assert "Les audiences publiques de la période" in manager.page.text
        return re.search(r'Audiences publiques tenues</dt>.*?href="([^"]+)">(\d+)', manager.page.text, re.DOTALL)

    assert (await tile())[2] == "0"
    await make_move(desk.host, record.reference, "start", {}, actor=ANA, mover="agent")
    href, number = (await tile()).groups()
    assert number == "1"
    assert record.reference in (await manager.get(unescape(href))).text
    assert record.reference not in (await manager.get("/bureau/audiences?depuis=2020-01-01&jusqua=2020-01-02")).text
    elsewhere = await desk.signed_in("manager", "parks")
    assert "Audiences publiques tenues" in (await elsewhere.get("/bureau/tableau")).text
    key, _ = await make_token(desk.host.engine, name="Pont", jurisdiction="parvis", **every_scope(desk.host))
    told = (await desk.browser().get("/api/v1/figures", authorization=f"Bearer {key}")).json()
    assert told["others"] == [{"code": "hearings_held", "number": 1}]
    assert told["definitions"]["hearings_held"]["title"] == "Audiences publiques tenues"
    await switch(desk.host, "off", "public_hearing")
    assert "Audiences publiques tenues" not in (await manager.get("/bureau/tableau")).text


async def chosen(clerk, *records):
    """Ticked in the queue; the page that asks what is to be done to them."""
    await clerk.get("/bureau/plusieurs?" + "&".join(f"r={each.reference}" for each in records))
    return re.search(r'name="chosen" value="([^"]+)"', clerk.page.text)[1]


async def test_one_hearing_is_called_about_many_requests_of_the_queue(desk):
    heard, again, noise = await desk.request(), await desk.request(), await desk.request("quarrel")
    clerk = await desk.signed_in("agent")
    boxes = await chosen(clerk, heard, again, noise)
    assert "Convoquer une audience publique" in clerk.text
    day = f"{clock.now() + timedelta(days=10):%Y-%m-%d}"
    asked = {"call_hearings.day": day, "call_hearings.hour": "19:00", "call_hearings.hall": "Salle du conseil"}
    await clerk.post("/bureau/plusieurs", chosen=boxes, _do="call_hearings", **{**asked, "call_hearings.hour": ""})
    assert clerk.page.status_code == 422
    await clerk.post("/bureau/plusieurs", chosen=boxes, _do="call_hearings", **asked)
    assert counted_as("%(num)s request can be changed.", "%(num)s requests can be changed.", 2) in clerk.text
    assert "Aucune audience n’y est prévue." in clerk.text
    sure = dict(
        re.findall(r'name="([^"]+)" value="([^"]*)"', clerk.page.text.split('<form action="/bureau/plusieurs"')[1])
    )
    await clerk.post("/bureau/plusieurs", **(sure | {"_sure": "1"}))
    assert clerk.page.url.path.startswith("/bureau/plusieurs/")
    assert "Convoquer une audience publique" in clerk.text
    for each in (heard, again):
        assert [hearing.place for hearing in await hearings_of(each.id)] == ["Salle du conseil"]
        assert await facts_of(each) == [["public_hearing.zoning.called"]]
    assert await hearings_of(noise.id) == ()


async def test_nobody_calls_one_about_many_where_it_is_off_or_without_the_right(desk):
    heard = await desk.request()
    contractor = await desk.signed_in("contractor")
    await chosen(contractor, heard)
    assert "Convoquer une audience publique" not in contractor.text
    clerk = await desk.signed_in("agent")
    boxes = await chosen(clerk, heard)
    await switch(desk.host, "off", "public_hearing")
    day = f"{clock.now() + timedelta(days=10):%Y-%m-%d}"
    asked = {"call_hearings.day": day, "call_hearings.hour": "19:00", "call_hearings.hall": "Salle du conseil"}
    await clerk.post("/bureau/plusieurs", chosen=boxes, _do="call_hearings", **asked)
    assert (clerk.page.status_code, await hearings_of(heard.id)) == (422, ())


async def test_its_right_is_that_of_roles_that_it_names_where_it_is_on(desk, called):
    record, _ = called
    contractor = await desk.signed_in("contractor")  # has the right to work, not to call hearings
    assert (await contractor.get(f"/bureau/requete/{record.reference}/audience/zoning")).status_code == 403
    operator = await desk.signed_in("operator")
    await operator.get("/exploitation/personnes")
    assert operator.text.count("convoquer des audiences publiques") == 2
    await operator.get("/exploitation/jetons")
    assert "Lire les audiences publiques" in operator.text
    await operator.get("/exploitation/modules")
    assert "convoquer des audiences publiques" in operator.text


async def test_its_right_and_its_scope_give_nothing_where_it_is_off_and_stay(desk):
    host = desk.host
    town, manager = host.jurisdictions.get("parvis"), Grant(role="manager", jurisdiction="parvis")
    person = await add_agent(host.engine, email="a@b.example", name="A", password=PASSWORD, grants=[manager])
    asked = {"name": "Pont", "jurisdiction": "parvis", "scopes": ("hearings:read",)}
    key, _ = await make_token(host.engine, added=host.modules.scopes(town), **asked)
    assert "hearings" in permissions_in(viewer_of(person, host), "parvis")
    await switch(host, "off", "public_hearing")
    assert "hearings" not in permissions_in(viewer_of(person, host), "parvis")
    token = await token_of(host.engine, key)
    assert (token.scopes, token.rights(host.modules.scopes(town))) == (("hearings:read",), frozenset())
    operator = await desk.signed_in("operator")
    await operator.get("/exploitation/personnes")
    assert "convoquer des audiences publiques" not in operator.text
    with pytest.raises(UnknownScopes):
        await make_token(host.engine, added=host.modules.scopes(town), **asked)
    await switch(host, "on", "public_hearing")
    assert token.rights(host.modules.scopes(town)) == {"see"}


async def test_where_it_is_off_its_pages_are_gone_and_what_was_filed_stays(desk, called):
    record, clerk = called
    await switch(desk.host, "off", "public_hearing")
    assert (await clerk.get("/bureau/audiences")).status_code == 404
    await clerk.get(f"/bureau/requete/{record.reference}")
    assert "Audience sur le zonage : convoquée" in clerk.text.replace("\u00a0", " ")  # what was filed stays to be read
    assert ('id="public-hearing-title"' in clerk.page.text, "/audience/" in clerk.page.text) == (False, False)
    assert (await clerk.get(f"/bureau/requete/{record.reference}/audience/zoning")).status_code == 404
    assert "/public-hearings" not in (await clerk.get("/api/v1/openapi.json")).json()["paths"]
    await switch(desk.host, "on", "public_hearing")
    await clerk.get(f"/bureau/requete/{record.reference}")
    assert "Salle du conseil" in clerk.text


def test_not_one_line_of_the_core_knows_the_word():
    root = Path(__file__).parents[4]
    files = [each for each in (root / "core/src").rglob("*") if each.suffix in (".py", ".html", ".po")]
    files = [each for each in files if "testing" not in each.parts]  # tests have an invented module with hearings
    assert len(files) > 500
    knowing = {each.name for each in files for word in WORDS if word in each.read_text("utf-8").lower()}
    assert knowing == set()
