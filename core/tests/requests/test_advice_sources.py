"""What modules say before a request is filed: notices that they post and lift, answers in its place, words of forms."""

import sys
from dataclasses import replace
from types import ModuleType

import pytest
from msgspec import structs

from parvis.identifiers import new_id
from parvis.modules import InstalledModule, Module, registry_of
from parvis.requests.advice import (
    Advice,
    AdviceSource,
    Notice,
    NoticeSource,
    advise,
    asks_little,
    hints,
    informing,
    notice_titles,
    notices_in_files,
)
from parvis.requests.offered import type_of
from parvis.requests.request_service import RequestService
from parvis.switches import Switchboard
from parvis_sdk.counter import Receipt
from parvis_sdk.problems import Problems
from parvis_sdk.text import Text

TITLE = Text(fr="Fermé", en="Closed")
POSTED = Notice(code="desk", title=TITLE, text=Text(fr="À l’interne."))
URGENT = Notice(code="water", title=TITLE, urgent=True)
STOP = Notice(code="frost", kind="stop", types=("hole",), title=TITLE)


def answer(code: str) -> Advice:
    return Advice(kind="operation", code=code, title=TITLE, text=TITLE, insist=TITLE)


def says(code: str, **more) -> AdviceSource:
    async def advise(host, asked):
        return [answer(code)]

    return AdviceSource(advise=advise, **more)


@pytest.fixture
def announcing(town, monkeypatch):
    """A host on which two modules announce, the first of them what stands in files, and what the second has lifted."""
    lifted = set()
    nouns = {
        "tide": {"NOTICES": NoticeSource(posted=lambda host, town: (STOP, URGENT), in_files=True)},
        "wave": {
            "NOTICES": NoticeSource(posted=lambda host, town: (POSTED,), lifted=lambda host, town: lifted),
        },
    }
    installed = []
    for name, those in nouns.items():
        place = ModuleType(f"parvis_{name}_heard")
        vars(place).update(those)
        monkeypatch.setitem(sys.modules, place.__name__, place)
        module = Module(name=name, title=TITLE, summary=TITLE, heard=place.__name__)
        installed.append(InstalledModule(module=module))
    parvis = structs.replace(town.host.jurisdictions.jurisdiction("parvis"), modules=("tide", "wave"))
    towns = structs.replace(town.host.jurisdictions, by_code={"parvis": parvis})
    host = replace(town.host, modules=Switchboard(registry_of(installed)), jurisdictions=towns)
    return host, parvis, lifted, vars(sys.modules["parvis_wave_heard"])


async def filed(host):
    raw = {
        "answers": {"danger": False, "words": "Un trou"},
        "place": {"lon": -73.5807, "lat": 45.5236},
        "requester": {"mode": "anonymous"},
    }
    return await RequestService(host).submit("parvis", "hole", raw, channel="api", idempotency_key=str(new_id()))


async def test_urgent_notices_come_first_then_what_is_posted_then_what_stands_in_files(announcing):
    host, parvis, lifted, _ = announcing
    assert [each.code for each in informing(host, parvis, None, None)] == ["water", "desk", "frost"]
    lifted |= {"frost", "desk"}  # what stands in no file cannot be lifted
    assert [each.code for each in informing(host, parvis, None, None)] == ["water", "desk"]
    assert [each.code for each in notices_in_files(host, parvis)] == ["frost", "water"]
    none = structs.replace(parvis, modules=())
    assert informing(host, none, None, None) == ()
    assert notice_titles(host, none).keys() == {"desk", "frost", "water"}


async def test_a_notice_that_stops_refuses_until_it_is_lifted(announcing):
    host, _, lifted, _ = announcing
    refused = await filed(host)
    assert isinstance(refused, Problems)
    assert [each.code for each in refused.found] == ["stopped"]
    lifted.add("frost")
    assert isinstance(await filed(host), Receipt)


async def test_whoever_speaks_last_is_heard_only_where_nobody_else_said_anything(announcing):
    host, parvis, lifted, wave = announcing
    hole, asked = type_of(host, parvis, "hole"), []
    wave["LAST"] = says("last", last=True)
    assert [each.code for each in await advise(host, parvis, hole, None, {})] == ["frost"]
    lifted.add("frost")
    host.modules._heard.clear()
    assert [each.code for each in await advise(host, parvis, hole, None, {})] == ["last"]
    wave["FIRST"] = says("first", asks_little=lambda host, town, wanted, place: asked.append(wanted.code) or True)
    host.modules._heard.clear()
    assert [each.code for each in await advise(host, parvis, hole, None, {})] == ["first"]
    assert asks_little(host, parvis, hole, None)
    assert asked == ["hole"]


async def test_words_stand_above_the_question_that_they_name(announcing):
    host, parvis, _, wave = announcing
    hole = type_of(host, parvis, "hole")
    assert hints(host, parvis, hole, None, {}) == {}
    wave["HINTS"] = says("a", hints=lambda host, asked: {"danger": asked.request_type.title})
    host.modules._heard.clear()
    assert hints(host, parvis, hole, None, {}) == {"danger": hole.title}
