"""What a module brings is there where its town has it, behind the same doors, and nowhere else; at once, both ways."""

import re
import shutil
from datetime import timedelta

import httpx
import pytest
from click.testing import CliRunner
from msgspec import structs

from parvis import cli, clock, deployment
from parvis.app import create_app
from parvis.cli.module_commands import brought
from parvis.db import transaction
from parvis.db.binding import bind, open_engine
from parvis.db.migrating import migrate
from parvis.db.tables import ModuleSwitch
from parvis.example_towns import town_folder
from parvis.jurisdictions.loading import load_jurisdictions
from parvis.module_conflicts import without_clashes
from parvis.modules import InstalledModule, KeyScope, Module, Right, registry_of
from parvis.plugins import module_discovery
from parvis.settings import Settings
from parvis.switches import EVERYWHERE, Decision, Switchboard
from parvis.switches.deciding import decide, reason
from parvis.worker.chores import chores_of, do_due, due_somewhere
from parvis_sdk.text import Text
from parvis_testing.desk import running
from parvis_testing.town import town_plugin  # noqa: F401 - a fixture

PAGES = ("/bureau/marees", "/exploitation/marees", "/fr/marees", "/fr/suivi/marees")


@pytest.fixture
async def migrated(own_url, tide):
    registry, engine = registry_of([tide]), open_engine(own_url)
    bind(engine, modules=registry)
    await migrate(engine, registry)
    await engine.close()
    return own_url


@pytest.fixture
async def desk(migrated, tmp_path, tide, town_plugin):  # noqa: F811
    settings = Settings(
        territory=town_folder(), secret_key="s" * 40, data=tmp_path, database=migrated, worker=False, log_level="error"
    )
    async with running(create_app(settings, [town_plugin], modules=registry_of([tide]))) as made:
        yield made


async def switch(desk, state, town="parvis", **given):
    board = desk.host.modules
    await decide(desk.host.engine, board, jurisdiction=town, module="tide", state=state, by="Ana", why="", **given)


async def forget(desk):
    async with transaction(desk.host.engine):
        await ModuleSwitch.delete(force=True)


async def statuses(clerk, operator) -> list[int]:
    return [(await (operator if path.startswith("/exploitation") else clerk).get(path)).status_code for path in PAGES]


async def test_a_new_module_is_off_until_somebody_says_on_and_there_at_once(desk):
    clerk, operator = await desk.signed_in("agent"), await desk.signed_in("operator")
    assert await statuses(clerk, operator) == [404, 404, 404, 404]
    await clerk.get("/bureau")
    assert "marees" not in clerk.page.text
    await switch(desk, "on")
    assert await statuses(clerk, operator) == [200, 200, 200, 200]
    await clerk.get("/bureau/marees")
    assert "Marées de l’estuaire" in clerk.text
    menu = clerk.page.text
    assert menu.index('href="/bureau"') < menu.index('href="/bureau/marees"')
    await switch(desk, "closing")
    assert await statuses(clerk, operator) == [200, 200, 200, 200]
    await switch(desk, "off")
    assert await statuses(clerk, operator) == [404, 404, 404, 404]


async def test_off_is_answered_as_a_page_that_does_not_exist(desk):
    clerk = await desk.signed_in("agent")

    async def told(path):
        answer = await clerk.get(path)
        return answer.status_code, answer.text.replace(path, "")

    assert await told("/bureau/marees") == await told("/bureau/mareees")


async def test_on_in_one_town_is_not_on_in_another(desk):
    await switch(desk, "on", "rivemont")
    clerk = await desk.signed_in("agent")
    assert (await clerk.get("/bureau/marees")).status_code == 404
    there = desk.browser("http://rivemont.localhost:8000")
    host = next(iter(desk.deployment.jurisdictions.by_code["rivemont"].hosts))
    there.http.base_url = httpx.URL(f"http://{host}:8000")
    assert (await there.get("/fr/marees")).text == "3 m"


async def test_what_is_said_of_every_town_gives_way_to_what_is_said_of_one(desk):
    clerk = await desk.signed_in("agent")
    await switch(desk, "on", EVERYWHERE)
    assert (await clerk.get("/bureau/marees")).status_code == 200
    await switch(desk, "off")
    assert (await clerk.get("/bureau/marees")).status_code == 404


async def test_its_pages_stand_behind_the_door_of_their_place(desk):
    await switch(desk, "on")
    anybody = desk.browser(follow_redirects=False)
    assert (await anybody.get("/bureau/marees")).headers["location"].startswith("/connexion")
    clerk = await desk.signed_in("agent")
    assert (await clerk.get("/exploitation/marees")).status_code == 403


async def test_another_process_knows_at_its_next_look(desk, tide):
    other, town = Switchboard(registry_of([tide])), desk.deployment.jurisdictions.jurisdiction("parvis")
    assert not other.of(town).has("tide")
    await switch(desk, "on")
    assert await other.look()
    assert other.of(town).has("tide")
    assert not await other.look()


async def test_a_database_that_was_put_back_is_read_anew(desk, tide):
    """A backup knows less than the running process, and later decisions reuse numbers that it has seen."""
    other, town = Switchboard(registry_of([tide])), desk.deployment.jurisdictions.jurisdiction("parvis")
    await switch(desk, "on")
    await switch(desk, "off")
    assert await other.look()
    await forget(desk)
    assert await other.look()
    assert other.said_of(town, "tide") is None
    await switch(desk, "off")
    assert await other.look()
    await forget(desk)
    await switch(desk, "on")
    assert await other.look()
    assert other.of(town).has("tide")


async def test_the_file_of_a_town_wins(migrated, tmp_path, tide, town_plugin):  # noqa: F811
    territory = tmp_path / "territory"
    shutil.copytree(town_folder(), territory)
    file = territory / "parvis/jurisdiction.toml"
    file.write_text(f'modules = ["tide", "gone"]\n{file.read_text("utf-8")}', "utf-8")
    settings = Settings(
        territory=territory, secret_key="s" * 40, data=tmp_path, database=migrated, worker=False, log_level="error"
    )
    async with running(create_app(settings, [town_plugin], modules=registry_of([tide]))) as desk:
        assert (await desk.browser().get("/fr/marees")).status_code == 200
        await switch(desk, "off")
        assert (await desk.browser().get("/fr/marees")).status_code == 200
        assert any("'gone' is not an installed module" in each.line() for each in desk.deployment.loose_ends)


async def test_its_chores_run_where_a_town_has_it(desk):
    every = chores_of(desk.host)
    assert "tides" not in await do_due(desk.host.engine, due_somewhere(desk.host, every), "w")
    await switch(desk, "on", "rivemont")
    assert "tides" in await do_due(desk.host.engine, due_somewhere(desk.host, every), "w")
    operator = await desk.signed_in("operator")
    await operator.get("/exploitation/taches")
    assert "Hauteurs d’eau" in operator.text


def test_its_commands_stand_beside_those_of_the_house(tide, monkeypatch):
    import sys

    monkeypatch.setattr(module_discovery, "find_modules", lambda: registry_of([tide]))
    brought.cache_clear()
    told = CliRunner().invoke(cli.parvis, ["--help"])
    assert "How high the water stands." in told.output
    assert "parvis_tide.commands" not in sys.modules
    assert CliRunner().invoke(cli.parvis, ["tides", "--metres", "4"]).output == "4 m\n"
    assert "--metres" in CliRunner().invoke(cli.parvis, ["tides", "--help"]).output
    brought.cache_clear()


async def test_an_operator_sees_what_would_change_says_why_and_it_is_so(desk):
    operator, clerk = await desk.signed_in("operator", name="Karim Diallo"), await desk.signed_in("agent")
    await operator.get("/exploitation/modules")
    for words in ("Marées", "parvis-tide 1.2", "Marées de l’estuaire", "Hauteurs d’eau", "tide_mark", "parvis tides"):
        assert words in operator.text
    assert "Non défini" in operator.text
    await operator.get("/exploitation/modules/tide?ville=parvis&etat=on")
    assert "Ce qui devient disponible" in operator.text
    assert (await clerk.get("/bureau/marees")).status_code == 404
    answer = await operator.post("/exploitation/modules/tide", ville="parvis", etat="on", why=" ")
    assert answer.status_code == 422
    assert operator.page.text.count("Indiquez le motif") == 2  # in the summary, which leads to the question, and there
    assert 'href="#why"' in operator.page.text
    await operator.post("/exploitation/modules/tide", ville="parvis", etat="on", why="La crue approche", seen="0")
    assert "La crue approche" in operator.text
    assert "Karim Diallo" in operator.text
    assert (await clerk.get("/bureau/marees")).status_code == 200


async def test_who_looked_before_a_colleague_decided_is_told_and_undoes_nothing(desk):
    ana, luc = await desk.signed_in("operator", name="Ana"), await desk.signed_in("operator", name="Luc")
    for operator in (ana, luc):
        await operator.get("/exploitation/modules/tide?ville=parvis&etat=off")
    seen = re.search(r'name="seen" value="(\d+)"', ana.page.text)[1]
    sent = {"ville": "parvis", "why": "La crue approche", "seen": seen}
    assert (await luc.post("/exploitation/modules/tide", etat="on", **sent)).status_code == 200
    answer = await ana.post("/exploitation/modules/tide", etat="off", **sent | {"why": "Personne ne s’en sert"})
    assert answer.status_code == 409
    assert "entre-temps" in ana.text
    assert "Personne ne s’en sert" in ana.page.text
    assert desk.host.modules.of(desk.host.jurisdictions.jurisdiction("parvis")).state("tide") == "on"
    again = re.search(r'name="seen" value="(\d+)"', ana.page.text)[1]
    for wrong in ("", "x", "-1", "9" * 40, seen):
        answer = await ana.post("/exploitation/modules/tide", etat="off", **sent | {"seen": wrong})
        assert answer.status_code == 409
    await ana.post("/exploitation/modules/tide", etat="off", **sent | {"seen": again})
    assert desk.host.modules.of(desk.host.jurisdictions.jurisdiction("parvis")).state("tide") == "off"


async def test_a_clock_that_was_wrong_gives_no_decision_the_last_word(desk):
    with clock.moved_to(clock.now() + timedelta(days=36_500)):
        await switch(desk, "off")
    await switch(desk, "on")
    with clock.moved_to(clock.now() - timedelta(days=3650)):
        await switch(desk, "closing")
    assert desk.host.modules.of(desk.host.jurisdictions.jurisdiction("parvis")).state("tide") == "closing"


async def test_nobody_switches_what_is_not_there_or_a_town_that_is_not_theirs(desk):
    operator = await desk.signed_in("operator")
    await operator.get("/exploitation/modules")
    for path, ville, etat in (
        ("gone", "parvis", "on"),
        ("tide", "rivemont", "on"),
        ("tide", "parvis", "away"),
        ("tide", "parvis", "closing"),
    ):
        sent = {"ville": ville, "etat": etat, "why": "Pour voir"}
        assert (await operator.post(f"/exploitation/modules/{path}", **sent)).status_code == 404
        await operator.get("/exploitation/modules")


def test_closing_is_said_of_those_alone_whose_parts_requests_are_under_way_with(tide):
    fair = InstalledModule(
        module=structs.replace(tide.module, name="fair", tables="", steps="", part_kinds="fair.parts")
    )
    board = Switchboard(registry_of([tide, fair]))
    assert board.states_of("tide") == ("on", "off")
    assert board.states_of("fair") == ("on", "closing", "off")


def test_what_another_module_needs_is_not_switched_off_under_it(tide):
    wave = InstalledModule(
        module=Module(name="wave", title=tide.module.title, summary=tide.module.title, needs=("tide",))
    )
    town = load_jurisdictions(town_folder()).jurisdiction("parvis")
    board = Switchboard(registry_of([tide, wave]))
    town = structs.replace(town, modules=None)
    board._decisions = (Decision(number=1, jurisdiction="*", module="wave", state="on", by="", why="", at=clock.now()),)
    assert board.of(town).on == {"tide", "wave"}
    [why] = board.hindrances(town, "tide", "off")
    assert why.fr == "Le module « Marées », qui en a besoin, est en service ici.".replace("« ", "«\u00a0").replace(
        " »", "\u00a0»"
    )
    assert board.hindrances(town, "wave", "off") == ()
    assert "set in its file" in board.hindrances(structs.replace(town, modules=("tide",)), "tide", "off")[0].en


def test_commands_list_and_switch_modules(own_url, tmp_path, tide, monkeypatch):
    for place in (deployment, module_discovery):
        monkeypatch.setattr(place, "find_modules", lambda: registry_of([tide]))
    monkeypatch.setenv("PARVIS_SECRET_KEY", "s" * 40)
    file = tmp_path / "parvis.toml"
    file.write_text(f'territory = "{town_folder()}"\ndatabase = "{own_url}"\nlog_level = "error"\n', "utf-8")

    def run(*words):
        return CliRunner().invoke(cli.parvis, ["--settings", str(file), "modules", *words])

    def last(*words):
        return run(*words).output.splitlines()[-1]

    CliRunner().invoke(cli.parvis, ["--settings", str(file), "migrate"])
    listed = run("list").output
    assert "tide (parvis-tide 1.2)  0 rows\n" in listed
    assert "  parvis: off (not set)\n" in listed
    tried = run("on", "tide", "--town", "parvis", "--reason", "flood", "--dry-run")
    assert tried.output.splitlines()[-1] == "parvis: tide off -> on (nothing was changed)"
    assert (
        run("on", "tide", "--town", "parvis", "--reason", "flood").output.splitlines()[-1] == "parvis: tide off -> on"
    )
    assert "parvis: on (" in run("list").output
    assert (
        run("off", "tide", "--town", "parvis", "--reason", "over").output.splitlines()[-1] == "parvis: tide on -> off"
    )
    everywhere = run("on", "tide", "--town", "*", "--reason", "x", "--dry-run").output.splitlines()
    assert "parvis: tide off -> off (nothing was changed)" in everywhere  # of which something else was said
    assert "rivemont: tide off -> on (nothing was changed)" in everywhere
    assert "give a reason" in str(run("on", "tide", "--town", "parvis", "--reason", " \u200b\u202e").exception)
    assert "no open request" in str(run("closing", "tide", "--town", "*", "--reason", "x").exception)
    assert "there is no working module 'gone'" in str(run("on", "gone", "--town", "parvis", "--reason", "x").exception)


def test_a_reason_is_kept_as_it_can_be_read():
    assert [reason(given) for given in ("\u200b \u202e", "\x00", "é\u200d🙂 ")] == ["", "", "é\u200d🙂"]
    assert len(reason("x" * 100_000)) == 500


PAGE = "from litestar import get\n\n\n@get('{path}')\nasync def show() -> str: ...\n"
CALL = (
    "from parvis.api.operations import operation\n\n\n"
    "@operation('GET {path}', 'Waves', key=True)\nasync def show_wave(reference: str) -> None: ...\n"
)
FILTER = (
    "from parvis.web.desk.lists.filters import QueueFilter\n\n\n"
    "WAVES = QueueFilter(name='{path}', narrow=dict, say=str)\n"
)
COLUMN = "from parvis.web.desk.lists.columns import QueueColumn\n\n\nWAVES = QueueColumn(name='{path}', title=str)\n"


@pytest.mark.parametrize(
    ("part", "declared", "path", "said"),
    [
        ("desk", PAGE, "/bureau/compte", "GET /bureau/compte is already that of Parvis"),
        ("desk", PAGE, "/bureau/marees", "GET /bureau/marees is already that of tide (parvis-tide 1.2)"),
        ("api", CALL, "/requests/{number}", "GET /api/v1/requests/{} is already that of Parvis"),
        ("desk", FILTER, "zone", "/bureau?zone= is already that of Parvis"),
        ("desk", FILTER, "tri", "/bureau?tri= is already that of Parvis"),
        ("desk", COLUMN, "zone", "/bureau?col=zone is already that of Parvis"),
    ],
)
def test_of_two_pages_at_one_address_the_later_module_is_left_out_and_the_house_starts(
    tmp_path,
    tide,
    town_plugin,  # noqa: F811
    written,
    part,
    declared,
    path,
    said,
):
    written(f"parvis_wave/{part}.py", declared.replace("{path}", path))
    wave = Module(name="wave", title=Text(fr="Vagues"), summary=Text(fr=""), **{part: f"parvis_wave.{part}"})
    settings = Settings(territory=town_folder(), secret_key="s" * 40, data=tmp_path, worker=False, log_level="error")
    app = create_app(settings, [town_plugin], modules=registry_of([wave, tide]))
    registry = app.state.deployment.modules
    assert [each.name for each in registry.modules] == ["tide"]
    assert said in str(registry.troubles[0])


@pytest.mark.parametrize(
    ("brought", "said"),
    [
        ({"rights": (Right(name="see", title=Text(fr="Voir")),)}, "see is already one of Parvis"),
        ({"scopes": (KeyScope(name="operate", title=Text(fr="Tout")),)}, "operate is already one of Parvis"),
        ({"rights": (Right(name="surf", title=Text(fr="Surfer")),)}, "surf is already one of foam"),
    ],
)
def test_of_two_rights_of_one_name_the_later_module_is_left_out(brought, said):
    surf = Right(name="surf", title=Text(fr="Surfer"))
    foam = Module(name="foam", title=Text(fr="Écume"), summary=Text(fr=""), rights=(surf,))
    wave = Module(name="wave", title=Text(fr="Vagues"), summary=Text(fr=""), **brought)
    registry = without_clashes(registry_of([foam, wave]))
    assert [each.name for each in registry.modules] == ["foam"]
    assert said in str(registry.troubles[0])


def test_a_page_that_cannot_be_imported_leaves_its_module_out(written):
    written("parvis_wave/desk/calm.py", "")
    written("parvis_wave/desk/storm.py", "from parvis import nothing_of_this_name\n")
    wave = Module(name="wave", title=Text(fr="Vagues"), summary=Text(fr=""), desk="parvis_wave.desk")
    registry = without_clashes(registry_of([wave]))
    assert registry.modules == ()
    assert "Module.desk = parvis_wave.desk.storm" in str(registry.troubles[0])
