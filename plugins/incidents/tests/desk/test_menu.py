"""Incidents and notices in the menu: for whom they are, and the page itself where there is one alone."""

import pytest

from parvis_testing.modules import switch

ALL, NOTICES = "/bureau/incidents", "/bureau/avis"


async def links(clerk) -> set[str]:
    shown = (await clerk.get("/bureau/compte")).text
    return {path for path in (ALL, NOTICES) if f'href="{path}"' in shown}


async def test_a_manager_has_both_below_what_goes_on_and_an_observer_the_page_itself(desk):
    manager = await desk.signed_in("manager")
    assert await links(manager) == {ALL, NOTICES}
    assert "Incidents et avis" in manager.page.text
    observer = await desk.signed_in("observer", name="Luc")
    assert await links(observer) == {ALL}
    assert "Incidents et avis" not in observer.page.text
    await switch(desk.host, "off")
    assert await links(manager) == set()
    assert "Incidents et avis" not in manager.page.text


@pytest.mark.parametrize("path", [f"{ALL}/nouveau", NOTICES, f"{NOTICES}/nouveau"])
async def test_a_unit_alone_gathers_nothing_of_others_and_closes_no_service(desk, path):
    for role in ("manager", "agent"):
        clerk = await desk.signed_in(role, "lighting", name=role)
        assert (await clerk.http.get(path)).status_code == 403
        assert (await clerk.http.get(ALL)).status_code == 200
