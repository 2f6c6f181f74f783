"""The names that the core had claimed for incidents go to their distribution, or nobody would offer the type."""

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Declaration, PluginClaim
from parvis.deployment import plugins_of
from parvis.plugins.loading import load_plugins
from parvis.requests.claims import note_claims
from parvis_incidents.declared import INCIDENTS
from parvis_incidents.migrations import incidents_2026_11_30t12_00 as step
from parvis_sdk.request_types import dump_type


async def test_the_names_go_from_the_host_to_the_module(database, modules):
    """Without that step the former owner would count as a stranger, and no incident could be declared."""
    given = {"plugin": "incidents", "distribution": "parvis", "since": clock.now()}
    async with transaction(database):
        for kind, name in (("plugins", "incidents"), ("request_types", "incident")):
            await PluginClaim.insert(PluginClaim(key=f"{kind}/{name}", kind=kind, name=name, **given))
        old = {"code": "incident", "version": 1, "plugin": "incidents", "distribution": "parvis"}
        body = dump_type(INCIDENTS).decode()
        await Declaration.insert(Declaration(digest="d", body=body, made_at=clock.now(), **old))
    plugins = load_plugins([*plugins_of(modules)])
    assert "incident" not in (await note_claims(database, plugins)).request_types
    async with transaction(database):
        await step.give_names()
    assert [row["distribution"] for row in await Declaration.select()] == ["parvis-incidents"]
    assert "incident" in (await note_claims(database, plugins)).request_types
