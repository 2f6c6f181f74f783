"""Answers of earlier requests are proposed by person and by address, never what was told in confidence."""

import pytest
from msgspec import structs

from parvis.access_scope import Reach
from parvis.db import counted
from parvis.requests.actors import Actor
from parvis.requests.keeping.retention import erase
from parvis.requests.visibility import Viewer
from parvis_sdk.fields import PERSONAL, PUBLIC, SENSITIVE, Consent, Date, OneOf, Option, ShortText, YesNo
from parvis_sdk.forms import Form, Section
from parvis_sdk.text import Text
from parvis_telephone.known_answers import known_answers

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
ZOE = {"email": "ZOE@exemple.ca", "phone": "+15145550101"}
RACHEL = {"address": "1234, rue Rachel Est", "point": (-73.5807, 45.5236)}
ANSWERS = {
    "dwelling": "house",
    "storey": "3",
    "pet": "Rex",
    "illness": "asthme",
    "danger": True,
    "seen_on": "2026-11-01",
    "agrees": True,
}


def said(words):
    return Text(fr=words, en=words)


def asking(hole):
    """A hole of which much is asked, each question under another protection."""
    house = (Option(code="house", label=said("Maison")), Option(code="flat", label=said("Logement")))
    fields = (
        OneOf(code="dwelling", label=said("Habitation"), options=house, privacy=PUBLIC),
        ShortText(code="storey", label=said("Étage")),
        ShortText(code="pet", label=said("Animal"), privacy=PERSONAL, required=False),
        ShortText(code="illness", label=said("Maladie"), privacy=SENSITIVE, required=False),
        YesNo(code="danger", label=said("Danger"), privacy=PUBLIC),
        Date(code="seen_on", label=said("Vu le"), required=False),
        Consent(code="agrees", label=said("D’accord"), statement=said("Je le veux bien."), required=False),
    )
    return structs.replace(
        hole, form=Form(sections=(Section(code="what", title=said("Quoi"), fields=fields),)), service_levels=()
    )


@pytest.fixture
def asked(town_of, hole):
    return town_of(asking(hole))


def viewer(unit=""):
    reach = Reach(permissions=frozenset({"see", "contacts", "intake", "reveal"}), jurisdiction="parvis", unit=unit)
    return Viewer(kind="agent", id="ana", name="Ana", reaches=(reach,))


async def known(asked, seen_by=None, **by):
    request_type = asked.host.plugins.request_types["hole"]
    found = await known_answers(asked.host, seen_by or viewer(), "parvis", request_type, **by)
    return {each.field.code: (each.value, each.whose) for each in found}


async def test_the_person_s_own_answers_come_first_and_the_address_says_what_is_nobody_s(asked):
    await asked.submit(answers=ANSWERS)
    assert await known(asked, **ZOE) == {
        "dwelling": ("house", "person"),
        "storey": ("3", "person"),
        "pet": ("Rex", "person"),
    }
    assert await known(asked, **RACHEL) == {"dwelling": ("house", "place"), "storey": ("3", "place")}
    luc = {"mode": "named", "name": "Luc Roy", "phone": "514 555-0177"}
    await asked.submit(answers=ANSWERS | {"dwelling": "flat", "pet": "Minou"}, requester=luc)
    both = await known(asked, **ZOE, **RACHEL)
    assert (both["dwelling"], both["pet"]) == (("house", "person"), ("Rex", "person"))
    assert (await known(asked, **RACHEL))["dwelling"] == ("flat", "place")  # the latest there
    assert "pet" not in await known(asked, **RACHEL)


async def test_what_is_sensitive_confidential_erased_or_elsewhere_is_not_proposed(asked):
    reference = (await asked.submit(answers=ANSWERS)).reference
    assert "illness" not in await known(asked, **ZOE, **RACHEL)
    assert await known(asked, viewer("parks"), **ZOE, **RACHEL) == {}
    assert await known(asked) == {}
    far = {"address": RACHEL["address"], "point": (-73.70, 45.60)}
    assert await known(asked, **far) == {}
    await erase(asked.host, reference, actor=ANA)
    assert await known(asked, **ZOE, **RACHEL) == {}


async def test_nothing_comes_out_of_a_confidential_request(asked, hole):
    request_type = asked.host.plugins.request_types["hole"]
    modes = structs.replace(request_type.identity, modes=("named", "confidential"))
    asked.host.plugins.request_types["hole"] = structs.replace(request_type, identity=modes)
    person = {"mode": "confidential", "name": "Zoé", "email": "zoe@exemple.ca", "phone": "514 555-0101"}
    receipt = await asked.submit(answers=ANSWERS, requester=person)
    assert receipt.reference
    assert await known(asked, **ZOE, **RACHEL) == {}


async def test_what_was_sensitive_when_it_was_asked_stays_so(asked, town_of, hole):
    await asked.submit(answers=ANSWERS)
    open_now = asking(hole)
    section = open_now.form.sections[0]
    fields = tuple(structs.replace(field, privacy=PUBLIC) for field in section.fields)
    later = structs.replace(open_now, form=Form(sections=(structs.replace(section, fields=fields),)))
    found = await known_answers(asked.host, viewer(), "parvis", later, **ZOE, **RACHEL)
    assert "illness" not in {each.field.code for each in found}


async def test_many_earlier_requests_cost_two_statements(asked):
    await asked.submit(answers=ANSWERS)
    await known(asked, **ZOE, **RACHEL)
    for _ in range(9):
        await asked.submit(answers=ANSWERS)
    with counted() as many:
        await known(asked, **ZOE, **RACHEL)
    assert many.count == 2
