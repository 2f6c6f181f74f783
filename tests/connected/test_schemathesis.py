"""Schemathesis asks each operation of the API for whatever our description leaves open, and finds nothing untold.

Whether what fits the description is taken is not asked: the answers of a request type, and what holds at this moment of
a request, no description of all operations tells.
"""

import asyncio
import sys
from pathlib import Path

from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.people.tokens import SCOPES, make_token
from parvis.plugins.discovery import find_plugins
from parvis.plugins.module_discovery import find_modules
from parvis.settings import Settings
from parvis_testing.browsing import served
from parvis_testing.modules import every_scope, switch

COMMAND = Path(sys.executable).parent / "schemathesis"
GIVEN = ("--phases", "coverage", "--generation-deterministic", "--no-color")
# `Allow` of an answer to OPTIONS is made by Litestar, and lacks methods of an address with several handlers.
UNASKED = ("--exclude-checks", "positive_data_acceptance,allow_header_conformance")
OF_OTHERS = ("--exclude-path-regex", "plugins|/calls|text-messages")  # what these take, others describe


async def test_no_answer_is_another_than_described(database_url, tmp_path, monkeypatch):
    monkeypatch.setattr("parvis.people.throttle.Pace.allows", lambda *_: True)
    found, _ = find_plugins()
    settings = Settings(
        territory=town_folder(), secret_key="s" * 40, data=tmp_path, database=database_url, worker=False
    )
    app = create_app(settings, plugins=found, modules=find_modules())
    async with served(app) as address:
        host = app.state.deployment.host
        await switch(host, "on")
        added = every_scope(host)["added"]
        scopes = (*SCOPES, *(each.name for each in added))
        key, _ = await make_token(host.engine, name="Essai", jurisdiction="parvis", scopes=scopes, added=added)
        called = (f"{address}/api/v1/openapi.json", "--header", f"Authorization: Bearer {key}")
        asking = await asyncio.create_subprocess_exec(
            COMMAND, "run", *called, *GIVEN, *UNASKED, *OF_OTHERS, cwd=tmp_path, stdout=asyncio.subprocess.PIPE
        )
        said, _ = await asking.communicate()
    assert asking.returncode == 0, said.decode()[-4000:]
