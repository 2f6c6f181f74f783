"""Who is offered a request on its page: units that have such requests, people who may work there, absent ones said."""

import re
from datetime import timedelta

from parvis import clock
from parvis.db import transaction
from parvis.delegations import Delegation, write
from parvis.identifiers import new_id
from parvis.people.agents import Colleagues
from parvis_testing.desk import address, said


def offered(page: str, name: str) -> list[str]:
    """The words of a list of the form, without dashes."""
    (found,) = re.findall(rf'(?s)<select[^>]* name="{name}".*?</select>', page)
    return [each.lstrip("– ") for each in re.findall(r"<option[^>]*>([^<]*)", found)]


async def test_only_units_that_have_such_requests_are_offered_and_all_on_demand(desk):
    record, clerk = await desk.request("hole", "roads"), await desk.signed_in()
    page = (await clerk.get(address(record))).text
    assert offered(page, "unit") == ["Service aux citoyens – 311", "Voirie"]
    assert said("Show all units") in page
    whole = (await clerk.get(f"{address(record)}?attribution=toutes")).text
    assert len(offered(whole, "unit")) == len(desk.host.jurisdictions.jurisdiction("parvis").units)
    assert said("Show all units") not in whole


async def test_only_people_in_reach_are_offered_and_who_is_away_comes_last_with_the_day(desk):
    record, clerk = await desk.request("hole", "roads"), await desk.signed_in(name="Ana Tremblay")
    await desk.agent(unit="parks", name="Luc Roy")
    await desk.agent(unit="roads", name="Zoé Petit")
    away = await desk.agent(unit="roads", name="Abel Roux")
    now = clock.now()
    absence = Delegation(id=new_id(), agent=away.id, starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=9))
    async with transaction(desk.host.engine):
        await write(absence)
    desk.host.of(Colleagues).clear()
    _, *people = offered((await clerk.get(address(record))).text, "assignee")
    assert [each.partition(" (")[0] for each in people] == ["Zoé Petit", "Ana Tremblay", "Abel Roux"]
    assert people[-1].startswith("Abel Roux (absence jusqu’au")


async def test_nobody_is_given_what_they_may_not_work_on_in_the_unit_that_was_chosen(desk):
    record, clerk = await desk.request("hole", "roads"), await desk.signed_in(name="Ana Tremblay")
    luc = await desk.agent(unit="parks", name="Luc Roy")
    await clerk.get(f"{address(record)}?attribution=toutes")
    refused = await clerk.post(f"{address(record)}/attribution", unit="roads", assignee=luc.id)
    assert refused.status_code == 422
    assert "Luc Roy ne peut pas travailler sur cette requête dans l’unité" in clerk.text
    await clerk.post(f"{address(record)}/attribution", unit="parks", assignee=luc.id)
    assert str((await desk.record(record.reference)).assignee) == luc.id
