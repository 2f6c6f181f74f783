"""The guide's own commands, answered."""

import re
import shlex
from pathlib import Path
from string import Template

GUIDE = Path(__file__).parents[3] / "docs" / "feeds.md"
COMMAND = re.compile(r"^curl (?:.*\\\n)*.*$", re.MULTILINE)


async def test_every_command_is_answered(api, placed):
    await placed()
    token = await api.token("requests:read", "reports:read")
    known = {"PARVIS": "http://127.0.0.1:8000", "TOKEN": token["Authorization"].removeprefix("Bearer ")}
    commands = COMMAND.findall(GUIDE.read_text(encoding="utf-8"))
    assert len(commands) >= 7
    for command in commands:
        url, *more = shlex.split(Template(command).substitute(known))[1:]
        assert more[::2] == ["-H"] * (len(more) // 2)
        headers = dict(each.split(": ", 1) for each in more[1::2])
        answer = await api.http.get(url, headers=headers)
        assert answer.status_code == 200, (command, answer.text)
