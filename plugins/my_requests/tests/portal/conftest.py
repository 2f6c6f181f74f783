"""The portal of a town whose residents have a space of their own and may be called, and the way into one."""

import pytest

from parvis.db import transaction
from parvis.people.one_time_links import put_link
from parvis_my_requests.sessions import LINK
from parvis_testing.known_addresses import with_known_addresses
from parvis_testing.modules import only
from parvis_testing.portal import *


@pytest.fixture(scope="session")
def modules():
    return with_known_addresses(only("drafts", "my_requests", "telephone"))


async def new_link(engine, jurisdiction, email, language):
    """The token of a link to somebody’s own space, without its letter."""
    async with transaction(engine):
        return await put_link(LINK, jurisdiction, email, language)


async def opened(browser, host, email="zoe@exemple.ca", town="parvis"):
    """The page after the resident has pressed the button behind that link."""
    await browser.open(f"/fr/mes-requetes/lien/{await new_link(host.engine, town, email, 'fr')}")
    await browser.send()
    assert browser.status == 200
    assert "Mes requêtes" in browser.text
    return browser
