"""The guide of Open311 does what it says: every command is sent in its order, and answered as it says."""

import re
import shlex
import tomllib
from string import Template

import httpx
import msgspec
import pytest

from parvis.people.tokens import make_token
from parvis_open311.settings import Open311Settings
from parvis_open311_connector.settings import Settings as ConnectorSettings

SITE = "http://127.0.0.1:8000"
COMMAND = re.compile(r"^curl (?:.*\\\n)*.*$", re.MULTILINE)


@pytest.fixture(scope="module")
def guide(root) -> str:
    return (root / "docs/open311.md").read_text(encoding="utf-8")


def request_of(command: str) -> httpx.Request:
    """What curl would send."""
    words = shlex.split(command.replace("\\\n", " "))[1:]
    url, form = words[0], words[1:]
    assert set(form[::2]) <= {"--data-urlencode"}, form
    if not form:
        return httpx.Request("GET", url)
    return httpx.Request("POST", url, data=dict(each.split("=", 1) for each in form[1::2]))


async def test_every_command_is_answered(guide, http):
    host = http._transport.app.state.deployment.host
    key, _ = await make_token(host.engine, name="Autrui", jurisdiction="parvis", scopes=("requests:write",))
    known = {"OPEN311": f"{SITE}/open311", "TOKEN": key}
    statuses = []
    for command in COMMAND.findall(guide):
        answer = await http.send(request_of(Template(command).substitute(known)))
        statuses.append(answer.status_code)
        if "requests.json" in command and "description=" in command:
            known["REFERENCE"] = answer.json()[0]["service_request_id"]
    assert statuses == [200] * 7 + [400, 200]


def test_the_settings_are_read(guide):
    spoken, served = (tomllib.loads(each.partition("```")[0]) for each in guide.split("```toml\n")[1:])
    assert msgspec.convert(served, Open311Settings).jurisdiction_id == "valclair.example"
    said = msgspec.convert(spoken["plugins"]["open311_connector"], ConnectorSettings)
    assert said.neighbours[0].types == ("pothole",)
