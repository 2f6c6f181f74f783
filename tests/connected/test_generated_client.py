"""A client that a generator of others makes from our description of the API lacks nothing, and does what clients do."""

import asyncio
import json
import sys
from pathlib import Path

import httpx

from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.people.tokens import make_token
from parvis.plugins.discovery import find_plugins
from parvis.plugins.module_discovery import find_modules
from parvis.settings import Settings
from parvis_testing.browsing import served
from parvis_testing.modules import switch

CLIENT = Path(__file__).parents[1] / "counterparts" / "generated_client.py"
SCOPES = ("requests:read", "requests:write")


async def answered(*using):
    """What a process of its own says, which must do well."""
    started = await asyncio.create_subprocess_exec(
        sys.executable, *map(str, using), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await started.communicate()
    assert started.returncode == 0, said.decode()
    return said.decode()


async def test_a_generated_client_files_moves_reads_and_downloads_in_typed_answers(database_url, tmp_path):
    found, _ = find_plugins()
    settings = Settings(
        territory=town_folder(), secret_key="s" * 40, data=tmp_path, database=database_url, worker=False
    )
    app = create_app(settings, plugins=found, modules=find_modules())
    async with served(app) as address:
        host = app.state.deployment.host
        await switch(host, "on")
        token, _ = await make_token(host.engine, name="Pont", jurisdiction="parvis", scopes=SCOPES)
        async with httpx.AsyncClient() as http:
            described = await http.get(f"{address}/api/v1/openapi.json")
        (tmp_path / "openapi.json").write_bytes(described.content)
        (tmp_path / "settings.yaml").write_text("post_hooks: []\n")
        given = ("--path", tmp_path / "openapi.json", "--config", tmp_path / "settings.yaml", "--meta", "none")
        where = ("--output-path", tmp_path / "parvis_client", "--fail-on-warning")
        await answered("-m", "openapi_python_client", "generate", *given, *where)
        told = json.loads(await answered("-W", "ignore", CLIENT, tmp_path, address, token))
    assert "pothole" in told.pop("types")
    assert told == {
        "is_dated": True,
        "answers": "large",
        "moved": ["planned", 1, "in_progress"],
        "stale": [409, "version"],
        "loaded": "89504e470d0a1a0a",
        "listed": [True],
        "wrong": ["answers.danger", "place", "requester.mode"],
    }
