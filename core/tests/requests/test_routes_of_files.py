"""Without any module: the first fitting rule of a town’s file names the unit, else it is the default one."""

import dataclasses
from uuid import UUID

import pytest
from msgspec import structs

from parvis.jurisdictions import Jurisdictions
from parvis.jurisdictions.owners import OWNERS
from parvis.jurisdictions.places import locate
from parvis.jurisdictions.units import RouteRule
from parvis.modules import Module, registry_of
from parvis.requests.amendments import amend
from parvis.requests.history import entries_of
from parvis.requests.intake import take_in
from parvis.requests.records import find
from parvis.requests.request_service import RequestService
from parvis.requests.routing import Assignment, Destination, RequestRouter, reason
from parvis.switches import Switchboard
from parvis_sdk.problems import Problems
from parvis_sdk.text import Text
from parvis_testing.modules import switch
from parvis_testing.town import ANA, HERE

LUC = UUID("01a21701-0000-7000-8000-000000000001")


@pytest.fixture
def routed_by(town):
    """A town whose file says these rules."""

    def make(*rules):
        ours = structs.replace(town.host.jurisdictions.jurisdiction(town.code), routes=rules, default_unit="citizens")
        towns = {**town.host.jurisdictions.by_code, town.code: ours}
        host = dataclasses.replace(town.host, jurisdictions=Jurisdictions(by_code=towns, default=town.code))
        return dataclasses.replace(town, host=host, counter=RequestService(host))

    return make


async def filed(town, *args, **given):
    record = await find(town.host, (await town.submit(*args, **given)).reference)
    return record, (await entries_of(record))[0].body["routed"]


async def test_the_first_rule_of_the_file_that_fits_names_the_unit_and_history_says_which(routed_by, town):
    here = town.host.jurisdictions.jurisdiction(town.code)
    zone = here.zone(locate(here, HERE["lon"], HERE["lat"]).zone)
    there = routed_by(
        RouteRule(types=("quarrel",), unit="parks"),
        RouteRule(inspections=("*",), unit="permits"),
        RouteRule(themes=("streets",), channels=("phone",), unit="trees"),
        RouteRule(types=("hole",), zones=(zone.code,), unit="roads"),
    )
    record, said = await filed(there)
    assert (record.unit, record.priority, record.assignee) == ("roads", 0, None)
    assert said == {
        "version": 0,
        "rule": 3,
        "words": {
            "others": {},
            "fr": f"Règle 3\u00a0: {zone.name.fr}, Trou",
            "en": f"Rule 3: {zone.name.to('en')}, Hole",
        },
        "unit": "roads",
        "priority": 0,
    }
    record, said = await filed(there, channel="phone")
    assert (record.unit, said["words"]["fr"]) == ("trees", "Règle 2\u00a0: Rues, téléphone")
    record, _ = await filed(there, "quarrel", place=None)
    assert record.unit == "parks"


async def test_what_no_rule_fits_or_a_unit_that_is_gone_goes_to_the_default_unit(routed_by):
    there = routed_by(RouteRule(types=("hole",), unit="gone"), RouteRule(types=("other",), unit="roads"))
    record, said = await filed(there)
    assert (record.unit, said["rule"], said["words"]["en"]) == ("citizens", 0, "No rule applies")


async def test_another_type_goes_where_the_file_says(routed_by):
    there = routed_by(RouteRule(types=("quarrel",), unit="parks"))
    receipt = await there.submit()
    await amend(there.host, receipt.reference, type="quarrel", actor=ANA)
    record = await find(there.host, receipt.reference)
    assert record.unit == "parks"
    assert (await entries_of(record))[-1].body["routed"]["rule"] == 1


@pytest.fixture
async def helped(routed_by):
    """The same with a module that decides, on in the town."""
    there = routed_by(RouteRule(types=("hole",), unit="roads"))
    named = Text(fr="Tirage", en="Lot")
    modules = Switchboard(registry_of([Module(name="lot", title=named, summary=named)]))
    router = RequestRouter(module="lot", route=by_lot)
    host = dataclasses.replace(there.host, modules=modules).having(router)
    await switch(host, "on", "lot")
    return dataclasses.replace(there, host=host, counter=RequestService(host))


async def by_lot(host, town, inputs):
    body = reason(Text(fr="Au sort", en="By lot"), unit="parks", version=9, priority=2)
    if inputs.request_type.code == "quarrel":
        return Destination(unit="parks", owner=OWNERS.of(town)[0])

    async def draw(at, excluded_agents):
        return Assignment(person=LUC, body={"routed": body["routed"] | {"among": 2}})

    return Destination(unit="parks", priority=2, body=body, draw=draw)


async def test_a_module_decides_where_it_is_on_and_what_it_decided_stays(helped):
    record, said = await filed(helped)
    assert (record.unit, record.priority, record.assignee, said["among"]) == ("parks", 2, LUC, 2)
    await switch(helped.host, "off", "lot")
    before = await find(helped.host, record.reference)
    assert (before.unit, before.priority, before.assignee) == ("parks", 2, LUC)
    after, said = await filed(helped)
    assert (after.unit, after.priority, after.assignee, said["version"]) == ("roads", 0, None, 0)


async def test_what_a_module_says_is_not_the_towns_is_not_taken_in_but_from_the_past(helped):
    here = helped.host.jurisdictions.jurisdiction(helped.code)
    request_type = helped.host.plugins.request_types["quarrel"]
    raw = {"answers": {"kind": "noise"}, "requester": {"mode": "confidential", "name": "Zoé", "email": "z@exemple.ca"}}
    answer = await take_in(helped.host, here, request_type.read(raw, channel="phone"))
    assert isinstance(answer, Problems)
    assert [each.code for each in answer.found] == ["not_ours"]
    assert not isinstance(
        await take_in(helped.host, here, request_type.read(raw, channel="phone"), judged=False), Problems
    )
