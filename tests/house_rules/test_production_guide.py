"""What operators are told is so: settings, commands, measures, chores, units and files all exist as written."""

import configparser
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path, PurePath

import click
import httpx
import msgspec
import promql_parser
import pytest
import yaml

from parvis.app import create_app
from parvis.cli import parvis
from parvis.cli.module_commands import Later
from parvis.example_towns import town_folder
from parvis.notify.settings import Settings as NotifySettings
from parvis.settings import FIELDS, PRIVATE, Settings, read_settings
from parvis.worker.chores import chores_of
from parvis_backups.settings import Settings as BackupSettings
from parvis_testing.modules import switch

ROW = re.compile(r"^\| `([\w.]+)` \| (.+?) \| ", re.MULTILINE)
NAME = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)
SHELL = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPOKEN = re.compile(r"`(parvis [^`]+)`")
SAID_DEFAULTS = {"needed": msgspec.NODEFAULT, "none": None, "private networks": PRIVATE}
ENDS = {"|", "||", "&&", ";", ">", "&"}


def section(text: str, heading: str) -> str:
    return re.split(r"^## ", text.partition(f"\n## {heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


@pytest.fixture(scope="module")
def production(root) -> str:
    return (root / "docs/production.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def operations(root) -> str:
    return (root / "docs/operations.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def deploy(root) -> Path:
    return root / "deploy"


def default_of(said: str) -> object:
    return SAID_DEFAULTS[said] if said in SAID_DEFAULTS else tomllib.loads(f"it = {said.strip('`')}")["it"]


def test_every_setting_is_told_with_its_default(production):
    told = {name: default_of(said) for name, said in ROW.findall(section(production, "Settings"))}
    real = {}
    for name, field in FIELDS.items():
        value = field.default_factory() if field.default_factory is not msgspec.NODEFAULT else field.default
        real[name] = str(value) if isinstance(value, Path) else list(value) if value == () else value
    assert told == real


def test_the_settings_to_begin_with_are_understood(deploy, tmp_path):
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/secret_key").write_text("s" * 48)
    (tmp_path / "secrets/database").write_text("postgresql://parvis:secret@127.0.0.1/parvis\n")
    shutil.copy(deploy / "parvis.toml", tmp_path)
    settings = read_settings(tmp_path / "parvis.toml", {})
    assert settings.territory == tmp_path / "territory"
    assert settings.database.endswith("/parvis")
    assert (settings.worker, settings.demo, settings.log) == (False, False, "json")
    msgspec.convert(settings.plugins["notify"], NotifySettings)
    assert set(settings.plugins["notify"]) <= {field.name for field in msgspec.structs.fields(NotifySettings)}


def test_settings_that_are_shown_exist(production, tmp_path):
    known = {field.name for field in msgspec.structs.fields(NotifySettings)}
    (tmp_path / "parvis-signing").write_text("une phrase de passe")
    for block in re.findall(r"^```toml\n(.*?)^```$", production, re.MULTILINE | re.DOTALL):
        block = block.replace("/run/secrets/", f"{tmp_path}/").replace("/etc/parvis/keys", str(tmp_path))  # of a server
        (tmp_path / "parvis.toml").write_text(f"territory = 'towns'\n{block}")
        settings = read_settings(tmp_path / "parvis.toml", {"PARVIS_SECRET_KEY": "s" * 40})
        table = settings.plugins.get("notify", {})
        assert set(table) <= known
        msgspec.convert(table, NotifySettings)
        backups = settings.plugins.get("backups", {})
        assert set(backups) <= {field.name for field in msgspec.structs.fields(BackupSettings)}
        msgspec.convert(backups, BackupSettings)
        assert backups or table or settings.files.scanner or settings.files.store or settings.signing.passphrase


def commands_in(text: str) -> list[list[str]]:
    """Every command line of ours in the shell blocks of a document and between backticks."""
    lines = [line for block in SHELL.findall(text) for line in block.replace("\\\n", " ").splitlines()]
    found = []
    for line in (*lines, *(spoken.replace("...", "") for spoken in SPOKEN.findall(text))):
        try:
            words = shlex.split(line, comments=True)
        except ValueError:  # one line of a quotation over several
            continue
        for number, word in enumerate(words[:-1]):
            if PurePath(word).name == "parvis" and parvis.get_command(click.Context(parvis), words[number + 1]):
                end = next((at for at, each in enumerate(words) if at > number and each in ENDS), len(words))
                found.append(words[number + 1 : end])
    return found


def understood(words: list[str]) -> None:
    """Raises when the command, or an option of it, does not exist."""
    command: click.Command = parvis
    while isinstance(command, click.Group) and words:
        found = command.get_command(click.Context(command), words[0])
        if found is None:
            break
        command, words = found.load() if isinstance(found, Later) else found, words[1:]
    assert not isinstance(command, click.Group) or not words, f"there is no {words[0]} in {command.name}"
    _, left, _ = command.make_parser(click.Context(command)).parse_args(list(words))
    assert not left, f"{command.name} does not know {left}"


def test_every_command_of_ours_that_a_document_shows_exists(tracked, root, subtests):
    told = [(path, words) for path in tracked if path.suffix == ".md" for words in commands_in(path.read_text("utf-8"))]
    assert len(told) > 25
    for path, words in told:
        with subtests.test(document=str(path.relative_to(root)), command=" ".join(words)):
            understood(words)


def test_a_command_that_does_not_exist_is_noticed():
    with pytest.raises(click.UsageError):
        understood(["serve", "--workers", "3"])
    with pytest.raises(AssertionError):
        understood(["outbox", "empty"])


async def test_every_measure_is_told_and_no_other(operations, database_url, tmp_path):
    settings = Settings(territory=town_folder(), secret_key="s" * 40, data=tmp_path, database=database_url)
    app = create_app(msgspec.structs.replace(settings, worker=False))
    transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 1))
    async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        await switch(app.state.deployment.host, "on")
        text = (await http.get("/metrics")).text
        chores = {chore.name for chore in chores_of(app.state.deployment.host)}
    real = {name for name in re.findall(r"^# TYPE (parvis_\w+) ", text, re.MULTILINE) if not name.endswith("_created")}
    assert set(NAME.findall(section(operations, "Measures"))) == real
    assert set(NAME.findall(section(operations, "Chores"))) == chores


@pytest.mark.parametrize("name", ["parvis-web@.service", "parvis-worker@.service"])
def test_the_units_are_understood_by_systemd_and_run_our_commands(deploy, tmp_path, name):
    text = (deploy / name).read_text(encoding="utf-8")
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read_string(text)
    program, *words = shlex.split(unit["Service"]["ExecStart"].replace("%i", "8001"))
    assert program == "/opt/parvis/bin/parvis"
    understood(words)
    assert int(unit["Service"]["TimeoutStopSec"]) > 10
    if verify := shutil.which("systemd-analyze"):
        for each in deploy.glob("*@.*"):
            here = each.read_text(encoding="utf-8").replace(program, sys.executable)
            (tmp_path / each.name).write_text(here.replace("127.0.0.1:%i", "127.0.0.1:8001"))
        ran = subprocess.run([verify, "verify", tmp_path / name], capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stderr) == (0, "")


def test_workers_may_write_the_register_where_the_guide_lays_backups(deploy, production):
    [folder] = re.findall(r'^folder = "(.+?)"', section(production, "Backups"), re.MULTILINE)
    unit = (deploy / "parvis-worker@.service").read_text(encoding="utf-8")
    assert f"ReadWritePaths=-{folder}\n" in unit


def test_what_is_installed_from_wheels_of_ours_is_asked_of_nobody_else(production):
    installed = re.findall(r"^\S*pip install .*parvis.*$", production, re.MULTILINE)
    assert len(installed) > 3
    assert [each for each in installed if "--no-index" not in each] == []


def test_each_web_process_behind_haproxy_listens_where_it_is_asked(deploy, production):
    asked = re.findall(r"server web\d ([\d.]+):(\d+)", (deploy / "haproxy.cfg").read_text(encoding="utf-8"))
    [listens] = re.findall(r"ListenStream=([\d.]+):%%i", production)
    [instance] = re.findall(r"systemctl enable --now parvis-web@(\d+)$", production, re.MULTILINE)
    assert (listens, instance) in asked


def test_a_unit_tells_when_it_is_ready_and_stays_until_what_is_under_way_has_ended(deploy):
    settings = tomllib.loads((deploy / "parvis.toml").read_text(encoding="utf-8"))
    for name in ("parvis-web@.service", "parvis-worker@.service"):
        unit = configparser.ConfigParser(strict=False, interpolation=None)
        unit.read_string((deploy / name).read_text(encoding="utf-8"))
        assert unit["Service"]["type"] == "notify"
        assert int(unit["Service"]["watchdogsec"]) >= 60
    stop = int(re.findall(r"TimeoutStopSec=(\d+)", (deploy / "parvis-web@.service").read_text(encoding="utf-8"))[0])
    assert stop > settings["drain"] + Settings(territory=Path(), secret_key="").grace


def test_proxies_keep_connections_for_less_time_than_a_process_takes_to_stop(deploy):
    drain = tomllib.loads((deploy / "parvis.toml").read_text(encoding="utf-8"))["drain"]
    nginx, caddy = ((deploy / name).read_text(encoding="utf-8") for name in ("nginx.conf", "Caddyfile"))
    assert int(re.findall(r"keepalive_timeout (\d+)s;", nginx)[0]) < drain
    assert int(re.findall(r"\bkeepalive (\d+)s\b", caddy)[0]) < drain
    haproxy = (deploy / "haproxy.cfg").read_text(encoding="utf-8")
    assert int(re.findall(r"timeout http-keep-alive (\d+)s\n", haproxy)[0]) < drain
    assert "uri /health/ready" in haproxy
    assert "health_uri /health/ready" in caddy
    assert "proxy_next_upstream error timeout;" in nginx
    assert nginx.count("max_fails=0") == 2


def test_proxies_let_through_what_the_settings_let_in(deploy):
    most = tomllib.loads((deploy / "parvis.toml").read_text(encoding="utf-8"))["most_upload"]
    assert f"client_max_body_size {most}m;" in (deploy / "nginx.conf").read_text(encoding="utf-8")
    assert f"max_size {most}MB" in (deploy / "Caddyfile").read_text(encoding="utf-8")


def expressions_in(monitoring: Path) -> dict[str, str]:
    """What monitors ask, by where it stands."""
    alerts = yaml.safe_load((monitoring / "alerts.yml").read_text(encoding="utf-8"))
    board = json.loads((monitoring / "grafana.json").read_text(encoding="utf-8"))
    asked = {rule["alert"]: rule["expr"] for group in alerts["groups"] for rule in group["rules"]}
    for panel in board["panels"]:
        asked |= {f"{panel['title']} {target['refId']}": target["expr"] for target in panel["targets"]}
    return asked


def test_monitors_ask_for_measures_that_there_are(deploy, operations, subtests):
    real = set(NAME.findall(section(operations, "Measures")))
    real |= {f"{name}_bucket" for name in real} | {"process_resident_memory_bytes", "process_cpu_seconds_total", "up"}
    asked = expressions_in(deploy / "monitoring")
    assert len(asked) > 30
    for where, expression in asked.items():
        with subtests.test(where=where):
            said = expression.replace("$__rate_interval", "5m")
            promql_parser.parse(said)
            assert set(re.findall(r"\b(?:parvis|process)_\w+|\bup\b", said)) <= real


def test_each_alert_says_in_both_languages_what_is_wrong_and_leads_to_what_helps(deploy, operations):
    alerts = yaml.safe_load((deploy / "monitoring/alerts.yml").read_text(encoding="utf-8"))
    helping = {title.lower().replace(" ", "-") for title in re.findall(r"^## (.+)$", operations, re.MULTILINE)}
    for rule in (rule for group in alerts["groups"] for rule in group["rules"]):
        told = rule["annotations"]
        assert len({told["summary"], told["resume"], ""}) == 3
        assert told["help"] in helping
        assert rule["labels"]["severity"] in {"page", "ticket"}


def test_alerts_speak_when_they_should(deploy):
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool of Prometheus is not on this machine")
    for words in (["check", "rules", "alerts.yml"], ["test", "rules", "alerts_test.yml"]):
        ran = subprocess.run([promtool, *words], cwd=deploy / "monitoring", capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr
