"""A typing error in the settings loses no letter: what must be told waits, is found, and goes out after the mend."""

import os
from contextlib import asynccontextmanager
from types import ModuleType

import httpx
import pytest
from click.testing import CliRunner
from msgspec import Struct

from parvis.app import create_app
from parvis.cli import parvis as cli
from parvis.deployment import open_deployment, plugin_registry_of
from parvis.example_towns import town_folder
from parvis.outbox import letters, listing
from parvis.plugins import DiscoveredPlugin
from parvis.requests.contacts import channels_of
from parvis.requests.request_service import RequestService
from parvis.settings import SettingsError, read_settings
from parvis.worker import Limits, Relay
from parvis.worker.chores import chores_of
from parvis_sdk.connectors import Connector
from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import Outcome
from parvis_sdk.text import Text

HERE = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"}
ZOE = {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"}
SECRET = "s" * 40
MISTAKES = [
    {"mode": "mailbox", "hots": "mail.ville.example"},
    {"mode": "mailbox", "port": 70_000},
    {"mode": "mailbox", "smtp": {"host": "mail.ville.example"}},
    {"mode": "mailbox", "host": "mail.ville.example:587"},
    {"mode": "mailbox", "sender": "Ville de Parvis"},
    {"mode": "mailbx"},
]
RIGHT = {"mode": "mailbox"}


def settings_with(database_url, tmp_path, plugins):
    return read_settings(
        None, {"PARVIS_SECRET_KEY": SECRET}, territory=town_folder(), worker=False, data=tmp_path,
        database=database_url, plugins=plugins,
    )  # fmt: skip


@pytest.fixture
def installation(database_url, tmp_path, jurisdictions, town_plugin, monkeypatch):
    """The installation started with these settings of plugins, as after each restart."""
    monkeypatch.setattr("parvis.deployment.load_jurisdictions", lambda folder, files: jurisdictions)

    @asynccontextmanager
    async def started(plugins, *more):
        async with open_deployment(settings_with(database_url, tmp_path, plugins), [town_plugin, *more]) as deployment:
            yield deployment.host

    return started


async def submit(host):
    raw = {"language": "fr", "answers": {"danger": False}, "place": HERE, "requester": ZOE}
    return (await RequestService(host).submit("parvis", "hole", raw, channel="portal")).reference


async def work(host):
    await Relay(host, Limits(seconds=5.0), luck=lambda: 0.0).drain()
    [park] = [each for each in chores_of(host) if each.name == "parked"]
    await park.work()


@pytest.mark.parametrize("wrong", MISTAKES)
async def test_mail_is_not_lost_by_a_typing_error_and_goes_out_once_it_is_mended(installation, wrong):
    async with installation({"notify": wrong}) as host:
        assert "email" in channels_of(host, host.jurisdictions.jurisdiction("parvis"))
        reference = await submit(host)
        await work(host)
        [waiting] = [line for line in await listing(["postponed"]) if line.subscriber == "notify.tell"]
        assert (waiting.reference, waiting.trouble.now_what.en) == (
            reference,
            "correct the settings and restart (parvis settings): pending deliveries will then be sent",
        )
        assert waiting.trouble.what.en.startswith("the settings of its plugin are wrong: [plugins.notify]")
    async with installation({"notify": RIGHT}) as host:
        await work(host)
        [letter] = await letters.letters()
        assert (letter.to, letter.reference) == ("zoe@exemple.ca", reference)


@pytest.mark.parametrize(("given", "status", "said"), [(MISTAKES[0], 503, "settings wrong"), (RIGHT, 200, "ok")])
async def test_health_says_that_messages_wait_for_settings_that_are_wrong(
    database_url, tmp_path, jurisdictions, monkeypatch, given, status, said
):
    monkeypatch.setattr("parvis.deployment.load_jurisdictions", lambda folder, files: jurisdictions)
    app = create_app(settings_with(database_url, tmp_path, {"notify": given}), plugins=[])
    browser = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=app.state.deployment.settings.address)
    async with app.lifespan(), browser as http:
        health = await http.get("/health")
        assert (health.status_code, health.json()["status"]) == (status, said)
        assert health.json()["settings"] == {"status": "ok" if status == 200 else "wrong"}
        assert (await http.get("/health/web")).status_code == 200


async def test_what_was_on_its_way_to_a_channel_waits_for_it_as_well(installation):
    async with installation({"notify": RIGHT}) as host:
        reference = await submit(host)
        relay = Relay(host, Limits(seconds=5.0), luck=lambda: 0.0)
        relay.be_careful_with(["channel:email"])
        await relay.step()  # the letter is written, and not carried
        assert [line.subscriber for line in await listing(["waiting"]) if line.reference == reference] == [
            "channel:email"
        ]
    async with installation({"notify": MISTAKES[0]}) as host:
        await work(host)
        [line] = [line for line in await listing(["postponed"]) if line.subscriber == "channel:email"]
        assert line.trouble.what.en.startswith("the settings of its plugin are wrong")
    async with installation({"notify": RIGHT}) as host:
        await work(host)
        assert [letter.reference for letter in await letters.letters()] == [reference]


async def test_another_systems_events_wait_too_while_its_settings_have_a_typing_error(installation):
    heard = []
    module = crew_plugin(heard)
    async with installation({"crew": {"adress": "https://crew.example"}}, DiscoveredPlugin.of("crew", module)) as host:
        reference = await submit(host)
        await work(host)
        assert [line.reference for line in await listing(["postponed"]) if line.subscriber == "connector:crew"]
        assert heard == []
    async with installation({"crew": {"address": "https://crew.example"}}, DiscoveredPlugin.of("crew", module)) as host:
        await work(host)
    assert heard == [reference]


def crew_plugin(heard):
    class CrewSettings(Struct, frozen=True, kw_only=True):
        address: str = "https://crew.example"

    async def deliver(event, request, connection):
        heard.append(request.reference)
        return Outcome()

    module = ModuleType("a_crew_plugin")

    @hookimpl
    def settings():
        return CrewSettings

    @hookimpl
    def connectors(settings):
        title = Text(fr="Équipes", en="Crews")
        return [Connector(name="crew", title=title, address=settings.address, events=(Submitted,), deliver=deliver)]

    module.settings, module.connectors = settings, connectors
    return module


def test_a_table_for_a_plugin_that_is_almost_ours_is_named_at_start(database_url, tmp_path):
    known = settings_with(database_url, tmp_path, {"notfy": {"host": "mail"}, "weather": {"x": 1}})
    told = {str(each.where).rpartition("[")[2]: each for each in plugin_registry_of(known, [], {}).troubles}
    assert told["plugins.notfy]"].severe
    assert told["plugins.notfy]"].now_what.en == "did you mean [plugins.notify]?"
    assert not told["plugins.weather]"].severe
    assert told["plugins.weather]"].what.en == "no installed plugin has this name"


@pytest.mark.parametrize(
    ("toml", "environ", "said"),
    [
        (
            '[plugins.notify]\nhots = "mail"',
            {},
            "no such setting · the plugin is not loaded; its deliveries wait · did you mean 'host'?",
        ),
        ("[plugins.notify]\nport = 70000", {}, "[plugins.notify] port"),
        ('[plugins.notify]\nhost = "smtp://mail"', {}, "host is no name or address of a machine"),
        ('[plugins.notify]\nsms_url = "https://sms.example:99999"\nsms_body = {t = "{text}{to}"}', {}, "sms_url is no"),
        ('[plugins.notfy]\nhost = "mail"', {}, "did you mean [plugins.notify]?"),
        ("", {"PARVIS_NOTIFY_HOTS": "mail"}, "did you mean PARVIS_NOTIFY_HOST?"),
        ("", {"PARVIS_NOTFY_HOST": "mail"}, "did you mean 'PARVIS_NOTIFY_HOST'?"),
        ('[notify]\nhost = "mail"', {}, "notify · is not a setting"),
        ('trusted_proxies = ["nginx"]', {}, "'nginx' is neither an address nor a network"),
        ('base_url = "https://services.ville.example:84430"', {}, "base_url · its port is not one of 1 to 65535"),
        ('database = "postgresql://parvis@db:54321000/parvis"', {}, "database · its port is not one of 1 to 65535"),
        ('[outgoing]\nproxy = "http://user:hidden@proxy:99999"', {}, "outgoing.proxy · its port is not one of"),
        ('[outgoing]\nproxy = "http://"', {}, "outgoing.proxy · names no host"),
        ('[outgoing]\nproxy = "http://user:hidden@proxy.ville.example"', {}, "outgoing.proxy · names no port"),
        ('host = "127.0.0.l"', {}, "host · '127.0.0.l' is not an address of this machine"),
        ('host = "192.0.2.7"', {}, "host · '192.0.2.7' is not an address of this machine"),
        ('database = "postgresql://parvis:hidden@db.ville.example"', {}, "database · names no database"),
        ('database = "postgresql://parvis:hidden@db:5432/?sslmode=require"', {}, "database · names no database"),
        ('database = "sqlite:////dev/null/parvis.sqlite"', {}, "/dev/null cannot be created"),
        ('database = "sqlite:///"', {}, "is a folder, not a file"),
        ("", {"PARVIS_DATA": "/dev/null/data"}, "/dev/null/data cannot be created"),
        ("", {"PARVIS_MAIL_HOST": "mail"}, "PARVIS_MAIL_HOST · nothing reads this variable"),
        ("", {"PARVIS_MAIL_HOST": "mail"}, "PARVIS_NOTIFY_HOST"),
        ("", {"PARVIS_NOTIFY_LANTERN": "x"}, "PARVIS_NOTIFY_LANTERN · nothing reads this variable"),
        ("", {"PARVIS_WEATHER": "x"}, "PARVIS_WEATHER · nothing reads this variable"),
        ("", {"PARVIS_SIGN_IN_AWAY_SECRET": "x"}, "PARVIS_SIGN_IN_AWAY_SECRET · nothing reads this variable"),
        ('[outgoing]\nalerts = ["karim"]', {}, "'karim' is not an e-mail address"),
        ('[outgoing]\nca = "away.pem"', {}, "away.pem is not a file"),
        ('[signing]\nkeys = "no-such-folder"', {}, "no-such-folder is not a folder"),
        ('templates = "no-such-folder"', {}, "no-such-folder is not a folder"),
    ],
)
def test_the_command_finds_every_such_mistake_and_exits_one(tmp_path, monkeypatch, toml, environ, said):
    for name, value in {"PARVIS_SECRET_KEY": SECRET, "PARVIS_DATA": str(tmp_path), **environ}.items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "parvis.toml"
    file.write_text(f'territory = "{town_folder()}"\n{toml}\n', "utf-8")
    ran = CliRunner().invoke(cli, ["--settings", str(file), "settings"])
    told = ran.output + (str(ran.exception) if isinstance(ran.exception, SettingsError) else "")
    assert ran.exit_code == 1
    assert said in told
    assert "hidden" not in told


def test_the_command_says_that_a_folder_will_be_made_and_finds_nothing_wrong(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("PARVIS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PARVIS_SECRET_KEY", SECRET)
    monkeypatch.setenv("PARVIS_NOTIFY_HOST", "mail.ville.example")
    file, new = tmp_path / "parvis.toml", tmp_path / "new" / "parvis.sqlite"
    lines = f'territory = "{town_folder()}"\ndata = "data"\ndatabase = "sqlite:///{new}"\n'
    file.write_text(lines, "utf-8")
    ran = CliRunner().invoke(cli, ["--settings", str(file), "settings"])
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert f"the folder {new.parent} does not exist yet: it will be created" in ran.stdout
    assert f"the folder {tmp_path / 'data'} does not exist yet: it will be created" in ran.stdout
