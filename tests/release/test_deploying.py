"""Container, compose and Helm chart: accepted by their own specification, and saying of Parvis only what is so."""

import json
import re
import shutil
import subprocess
from collections import Counter
from ipaddress import ip_address, ip_network
from pathlib import Path

import click
import kubernetes_validate
import msgspec
import pytest
import yaml
from helm_python import chart as helm
from helm_python.errors import HelmRenderError
from jsonschema import Draft7Validator

from parvis.cli import parvis
from parvis.notify.settings import Settings as NotifySettings
from parvis.settings import read_settings
from parvis_clamav.settings import Settings as ClamavSettings
from parvis_s3_files.settings import Settings as S3Settings

KUBERNETES = "1.31"
INFO = 1  # of what Helm says
OTHERWISE = {
    "ingress": {"enabled": True},
    "data": {"claim": ""},
    "territory": {"claim": "towns"},
    "environment": {"PARVIS_FILES_STORE": "s3_files"},
    "migration": {"stopped": True},
    "image": {"digest": f"sha256:{'0' * 64}", "pullSecrets": [{"name": "registry"}]},
    "web": {"autoscaling": {"enabled": False}},
    "podAnnotations": {"parvis.example/any": "thing"},
    "nodeSelector": {"kubernetes.io/os": "linux"},
    "tolerations": [{"operator": "Exists"}],
}
PLUGINS = {"notify": NotifySettings, "s3_files": S3Settings, "clamav": ClamavSettings}


@pytest.fixture(scope="module")
def deploy(pytestconfig) -> Path:
    return pytestconfig.rootpath / "deploy"


def rendered(deploy, values=None):
    """Every object of the chart, by its kind and name."""
    with helm.Chart.load(deploy / "helm/parvis") as chart:
        texts = chart.render(values or {}, name="town").values()
    objects = [each for text in texts for each in yaml.safe_load_all(text) if each]
    return {(each["kind"], each["metadata"]["name"]): each for each in objects}


@pytest.fixture(scope="module")
def objects(deploy):
    return rendered(deploy)


@pytest.fixture(scope="module")
def pods_of_chart(objects):
    return {
        name: each["spec"]["template"]["spec"]
        for (kind, name), each in objects.items()
        if kind in ("Deployment", "Job")
    }


# --- the container ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lines(deploy):
    """The instructions of the second stage, continued lines in one."""
    text = re.sub(r"\\\n\s*", "", (deploy / "Containerfile").read_text(encoding="utf-8"))
    return [line.split(" ", 1) for line in text.partition("AS installed")[2].splitlines() if line and line[0] != "#"]


def test_the_image_installs_what_is_locked_and_asks_nobody(deploy):
    text = (deploy / "Containerfile").read_text(encoding="utf-8")
    assert "--no-index --find-links /dist/wheels --require-hashes --requirement /dist/parvis.lock" in text
    assert not re.search(r"apt|curl|wget|ADD ", text)


def test_the_image_runs_our_commands_as_nobody_in_particular(lines):
    said = dict(lines)
    assert said["USER"] == "10001:10001"
    assert said["STOPSIGNAL"] == "SIGTERM"
    assert json.loads(said["ENTRYPOINT"]) == ["parvis"]
    understood(json.loads(said["CMD"]))


def test_the_image_is_healthy_when_it_answers(lines):
    asked = json.loads(re.search(r"\[.+\]", dict(lines)["HEALTHCHECK"])[0])
    assert asked[0] == "python"
    compile(asked[2], "healthcheck", "exec")
    assert "/health/live" in asked[2]


def understood(words):
    command = parvis.get_command(click.Context(parvis), words[0])
    assert command, words
    _, left, _ = command.make_parser(click.Context(command)).parse_args(words[1:])
    assert not left


# --- compose ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def composed(deploy):
    return yaml.safe_load((deploy / "compose/compose.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def prepared(deploy, tmp_path):
    """The folder of compose with its secrets made, and towns."""
    shutil.copytree(deploy / "compose", tmp_path, dirs_exist_ok=True)
    (tmp_path / "territory").mkdir(exist_ok=True)
    subprocess.run([tmp_path / "prepare"], check=True)
    return tmp_path


def test_compose_is_as_its_specification_has_it(composed):
    schema = json.loads((Path(__file__).parent / "compose-spec.json").read_text(encoding="utf-8"))
    assert [error.message for error in Draft7Validator(schema).iter_errors(composed)] == []
    for service in composed["services"].values():
        for named, declared in (("secrets", "secrets"), ("networks", "networks")):
            assert {*service.get(named, ())} <= {*composed[declared]}
        mounted = {each.split(":")[0] for each in service.get("volumes", ())}
        assert {each for each in mounted if each[0] != "."} <= {*composed["volumes"]}
        assert {*service.get("depends_on", ())} <= {*composed["services"]}


def test_compose_runs_our_commands_locked_up(composed):
    ours = {name: each for name, each in composed["services"].items() if "PARVIS_IMAGE" in each["image"]}
    assert {*ours} == {"migrate", "web", "worker"}
    for each in ours.values():
        understood(each["command"])
        assert (each["read_only"], each["cap_drop"]) == (True, ["ALL"])


def test_the_settings_of_compose_and_its_secrets_are_understood(composed, prepared):
    told = composed["services"]["web"]["environment"]
    files = {name: secret["file"] for name, secret in composed["secrets"].items()}
    here = {name: str(prepared / files[Path(path).name]) for name, path in told.items()}
    settings = read_settings(prepared / "parvis.toml", {**here, "PARVIS_DATA": str(prepared)})
    assert settings.database.endswith("@pooler:6432/parvis")
    assert settings.database_direct.endswith("@database:5432/parvis")
    assert {settings.files.store, settings.files.scanner} == {"s3_files", "clamav"}
    for name, kind in PLUGINS.items():
        beginning = f"PARVIS_{name.upper()}_"
        secrets = {
            each.removeprefix(beginning).removesuffix("_FILE").lower() for each in told if each.startswith(beginning)
        }
        whole = {**settings.plugins[name], **dict.fromkeys(secrets, "a secret")}
        assert {*whole} <= {field.name for field in msgspec.structs.fields(kind)}
        msgspec.convert(whole, kind)
    assert settings.plugins["s3_files"]["endpoint"].split("/")[2].split(":")[0] in composed["services"]
    assert settings.plugins["clamav"]["host"] in composed["services"]
    assert [*settings.trusted_proxies] == [composed["services"]["proxy"]["networks"]["inside"]["ipv4_address"]]


def test_web_sees_its_proxy_of_compose_at_the_address_that_is_trusted_and_no_other_container_has_it(composed):
    proxy, web = (composed["services"][name]["networks"] for name in ("proxy", "web"))
    assert {*proxy} & {*web} == {"inside"}
    [given] = composed["networks"]["inside"]["ipam"]["config"]
    trusted = ip_address(proxy["inside"]["ipv4_address"])
    assert trusted in ip_network(given["subnet"])
    assert trusted not in ip_network(given["ip_range"])


def test_the_role_of_compose_is_made_by_its_script_and_is_nobody_above_others(composed, prepared):
    database = composed["services"]["database"]
    assert "POSTGRES_USER" not in database["environment"]
    made = (prepared / "role.sql").read_text(encoding="utf-8")
    assert re.findall("CREATE ROLE (.+);", made) == ["parvis LOGIN PASSWORD :'password'"]
    [told] = re.findall("`cat /run/secrets/(.+)`", made)
    assert told in database["secrets"]
    assert (prepared / f"secrets/{told}").read_text() != (prepared / "secrets/database_admin_password").read_text()


def test_secrets_of_compose_are_made_once_and_agree(prepared):
    before = {path.name: path.read_bytes() for path in (prepared / "secrets").iterdir()}
    subprocess.run([prepared / "prepare"], check=True)
    assert {path.name: path.read_bytes() for path in (prepared / "secrets").iterdir()} == before
    password = before["database_password"].decode()
    assert all(password in before[name].decode() for name in ("database", "database_direct", "userlist.txt"))
    [identity] = json.loads(before["s3.json"])["identities"]
    [pair] = identity["credentials"]
    assert (pair["accessKey"], pair["secretKey"]) == (
        before["s3_access_key"].decode(),
        before["s3_secret_key"].decode(),
    )
    assert len(before["secret_key"]) >= 32


def test_compose_stops_later_than_answers_end_and_its_proxy_takes_what_the_settings_take(composed, prepared):
    settings = read_settings(prepared / "parvis.toml", {"PARVIS_SECRET_KEY": "s" * 48})
    assert int(composed["services"]["web"]["stop_grace_period"].rstrip("s")) > settings.drain + settings.grace
    caddy = (prepared / "Caddyfile").read_text(encoding="utf-8")
    assert f"max_size {settings.most_upload}MB" in caddy
    assert int(re.search(r"keepalive (\d+)s", caddy)[1]) < settings.drain


def test_compose_pools_as_our_pooler_does_and_its_role_has_the_limits_of_the_guide(deploy, prepared):
    ours, theirs = ((folder / "pgbouncer.ini").read_text(encoding="utf-8") for folder in (deploy, prepared))
    inside = ours.replace("host=127.0.0.1 port", "host=database port")
    assert theirs == inside.replace("listen_addr = 127.0.0.1", "listen_addr = *")
    guide = (deploy.parent / "docs/production.md").read_text(encoding="utf-8")
    limits = re.findall(r"^ALTER ROLE parvis SET .+;$", guide, re.MULTILINE)
    assert limits
    assert {*limits} <= {*(prepared / "role.sql").read_text(encoding="utf-8").splitlines()}


# --- Helm ------------------------------------------------------------------------------------------------------------


def test_helm_finds_nothing_to_say_against_the_chart(deploy):
    told = helm.lint(deploy / "helm/parvis", strict=True)
    assert told["errors"] == []
    assert [message for message in told["messages"] if message["severity"] > INFO] == []


@pytest.mark.parametrize("values", [{}, OTHERWISE], ids=["as it is", "otherwise"])
def test_kubernetes_knows_every_word_of_the_chart(deploy, values):
    for each in rendered(deploy, values).values():
        kubernetes_validate.validate(each, KUBERNETES, strict=True)


def test_the_volume_that_the_guide_shows_is_the_one_of_the_chart(deploy):
    guide = (deploy.parent / "docs/production.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"^```yaml\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    claim = yaml.safe_load(shown)
    kubernetes_validate.validate(claim, KUBERNETES, strict=True)
    values = yaml.safe_load((deploy / "helm/parvis/values.yaml").read_text(encoding="utf-8"))
    assert claim["metadata"]["name"] == values["data"]["claim"]


def test_the_chart_brings_what_a_town_needs_to_stay_up(objects):
    assert Counter(kind for kind, _ in objects) == {
        "ConfigMap": 1,
        "Deployment": 2,
        "HorizontalPodAutoscaler": 1,
        "Job": 1,
        "NetworkPolicy": 1,
        "PodDisruptionBudget": 2,
        "Service": 1,
    }
    job = objects["Job", "town-parvis-migrate"]
    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    settings = objects["ConfigMap", "town-parvis"]
    assert settings["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade,pre-rollback"


def test_the_chart_runs_our_commands_without_any_right(pods_of_chart):
    for pod in pods_of_chart.values():
        assert pod["securityContext"]["runAsNonRoot"]
        for container in [*pod["containers"], *pod["initContainers"]]:
            assert container["securityContext"]["readOnlyRootFilesystem"]
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
            assert container["resources"]["limits"]["memory"]
        understood(pod["containers"][0]["args"])


def test_a_migration_may_be_told_that_everything_is_stopped(deploy):
    [container] = rendered(deploy, OTHERWISE)["Job", "town-parvis-migrate"]["spec"]["template"]["spec"]["containers"]
    understood(container["args"])
    assert container["args"] == ["migrate", "--stopped"]


def test_the_chart_waits_for_readiness_and_lets_answers_end(pods_of_chart):
    web = pods_of_chart["town-parvis-web"]
    container = web["containers"][0]
    said = {each["name"]: each["value"] for each in container["env"]}
    assert web["terminationGracePeriodSeconds"] > int(said["PARVIS_DRAIN"]) + int(said["PARVIS_GRACE"])
    assert container["readinessProbe"]["httpGet"]["path"] == "/health/ready"
    assert container["livenessProbe"]["httpGet"]["path"] == "/health/live"
    # Unready is known after one look, well within the drain.
    assert container["readinessProbe"]["periodSeconds"] * 2 < int(said["PARVIS_DRAIN"])


def test_the_settings_of_the_chart_are_understood_and_its_secrets_only_named(objects, pods_of_chart, tmp_path):
    (tmp_path / "parvis.toml").write_text(objects["ConfigMap", "town-parvis"]["data"]["parvis.toml"], encoding="utf-8")
    said = {each["name"]: each["value"] for each in pods_of_chart["town-parvis-web"]["containers"][0]["env"]}
    (tmp_path / "secret_key").write_text("s" * 48)
    (tmp_path / "database").write_text("postgresql://parvis:secret@database/parvis")
    here = {name: str(tmp_path / Path(value).name) if name.endswith("_FILE") else value for name, value in said.items()}
    settings = read_settings(tmp_path / "parvis.toml", here)
    assert (settings.drain, settings.grace, settings.worker) == (15, 20, False)
    assert not any(kind == "Secret" for kind, _ in objects)


def test_the_chart_refuses_to_lose_received_files(deploy):
    with pytest.raises(HelmRenderError, match="received files would be lost"):
        rendered(deploy, {"data": {"claim": ""}})
