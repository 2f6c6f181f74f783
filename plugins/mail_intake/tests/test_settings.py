"""The settings `correspondence` name the mailbox, and mail says where to answer where the module is on."""

from importlib.metadata import entry_points
from types import SimpleNamespace

from parvis import clock
from parvis.db import transaction
from parvis.db.migrations import parvis_2026_11_29t25_00_00_000000 as step
from parvis.db.tables import PluginClaim
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.discovery import load
from parvis.plugins.loading import load_plugins
from parvis.plugins.plugin_settings import settings_from
from parvis.requests.claims import note_claims
from parvis.requests.work.answer_address import AnswerMailbox, answered_at
from parvis_mail_intake import hooks
from parvis_mail_intake.settings import NAME, given
from parvis_testing.modules import switch

from .conftest import ADDRESS


def installed() -> DiscoveredPlugin:
    (point,) = (each for each in entry_points(group="parvis") if each.name == NAME)
    return load(point)


def test_people_answer_to_the_address_of_the_settings_while_a_mailbox_is_named():
    for table, address in (({"host": "imap.ville.example", "address": ADDRESS}, ADDRESS), ({}, "")):
        plugins = load_plugins([DiscoveredPlugin.of(NAME, hooks)], settings_from({NAME: table}, {}))
        assert given(SimpleNamespace(plugins=plugins)) == (AnswerMailbox(address, owner="mail_intake"),)


async def test_mail_of_a_town_where_the_module_is_off_carries_no_address(answered):
    town = answered.host.jurisdictions.jurisdiction("parvis").code
    assert answered_at(answered.host, town) == ADDRESS
    await switch(answered.host, "closing")
    assert answered_at(answered.host, town) == ADDRESS
    await switch(answered.host, "off")
    assert answered_at(answered.host, town) == ""


async def test_the_name_of_the_settings_goes_from_the_host_to_the_module(database):
    """Without that step the former owner would count as a stranger, and its mailbox would not be read."""
    given = {"kind": "plugins", "name": NAME, "plugin": NAME, "distribution": "parvis", "since": clock.now()}
    async with transaction(database):
        await PluginClaim.insert(PluginClaim(key=f"plugins/{NAME}", **given))
    plugins = load_plugins([installed()])
    assert NAME not in (await note_claims(database, plugins)).by_name
    async with transaction(database):
        await PluginClaim.raw(step.GIVEN)
    assert NAME in (await note_claims(database, plugins)).by_name
