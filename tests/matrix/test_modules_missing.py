"""Each module alone missing, all of them missing, all of them off: what is left answers, and no link leads nowhere."""

import pytest

from parvis.app import create_app
from parvis.deployment import modules_of
from parvis.modules import NO_MODULES, registry_of
from parvis.plugins.module_discovery import find_modules
from parvis_testing.desk import HERE, ZOE, running
from parvis_testing.modules import switch

from .crawled import gone, opened_from

INSTALLED = find_modules()


def test_every_module_that_is_installed_works():
    assert [str(each) for each in modules_of(None, None).troubles] == []


MISSING = {
    "all of them": NO_MODULES,
    **{
        each.name: registry_of(other for other in INSTALLED.modules if other.name != each.name)
        for each in INSTALLED.modules
    },
}
POTHOLE = {"size": "medium", "surface": "lane", "danger": False}


async def everything(desk):
    """Each page that somebody of the town, an operator, a stranger reaches by links."""
    raw = {"language": "fr", "answers": POTHOLE, "place": HERE, "requester": ZOE}
    receipt = await desk.counter.submit("parvis", "pothole", raw, channel="portal")
    manager, operator = await desk.signed_in("manager"), await desk.signed_in("operator")
    return {
        "manager": await opened_from(manager, "/bureau", "/bureau/compte", f"/bureau/requete/{receipt.reference}"),
        "operator": await opened_from(operator, "/exploitation"),
        "stranger": await opened_from(desk.browser(), "/fr", f"/fr/suivi/{receipt.reference}?cle={receipt.key}"),
    }


@pytest.mark.parametrize("missing", MISSING)
async def test_without_a_module_every_link_leads_to_a_page(settings, missing):
    async with running(create_app(settings, modules=MISSING[missing])) as desk:
        await switch(desk.host, "on")
        answers = await everything(desk)
    assert gone(answers) == set()
    assert min(len(each) for each in answers.values()) > 5


async def test_where_all_are_off_no_link_leads_to_one(settings):
    async with running(create_app(settings, modules=INSTALLED)) as desk:
        await switch(desk.host, "off")
        assert gone(await everything(desk)) == set()
