"""Whose a request is: the first rule that fits, why it did, and that every request finds a unit that exists."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from msgspec import structs

from parvis import clock
from parvis.db import counted
from parvis.jurisdictions.owners import OWNERS, Owner
from parvis.jurisdictions.units import RouteRule
from parvis.requests.amendments import amend
from parvis.requests.history import entries_of
from parvis.requests.intake import take_in
from parvis.requests.levels import RulesetInForce
from parvis.requests.priority_names import URGENT
from parvis.requests.records import find
from parvis.requests.routing import RoutingInputs, by_file
from parvis.requests.town_names import names_in
from parvis_routing.deciding import route
from parvis_routing.facts import facts_of
from parvis_routing.kept import StandingRules
from parvis_routing.rules import Facts, Rule, Rules, Season, decide, of_files
from parvis_routing.sentences import sentence_of, why_of
from parvis_sdk.conditions import All, Answered, AtLeast, AtMost, Includes, Is, Not, OneOfThese, Some
from parvis_sdk.problems import Problems
from parvis_sdk.requests import Place
from parvis_sdk.text import Text
from parvis_testing.town import ANA, HERE

NOON = datetime(2026, 11, 25, 17, tzinfo=UTC)  # a Wednesday
NIGHT = datetime(2026, 11, 26, 4, 30, tzinfo=UTC)  # half past eleven in the town
SUNDAY = datetime(2026, 11, 29, 17, tzinfo=UTC)
HYDRO = Owner(code="hydro", name=Text(fr="Hydro", en="Power company"), link="https://hydro.example", types=("pole",))


def facts(**known):
    return Facts(**({"type": "hole", "theme": "streets", "at": NOON} | known))


def put(town, *rules, default="citizens", version=3):
    """These rules are in force."""
    kept = Rules(rules=rules, default=default)
    town.host.of(StandingRules)[town.code] = RulesetInForce(version=version, body=kept, read_at=clock.now())


@pytest.fixture
def here(jurisdictions):
    there = jurisdictions.jurisdiction("parvis")
    return OWNERS.put(there, (*OWNERS.of(there), HYDRO))


@pytest.mark.parametrize(
    ("rule", "known", "fits"),
    [
        ({"types": ("hole",)}, {}, True),
        ({"types": ("quarrel",)}, {}, False),
        ({"themes": ("streets",), "zones": ("a", "b")}, {"zones": ("b", "c")}, True),
        ({"zones": ("a",)}, {"zones": ()}, False),
        ({"channels": ("phone",)}, {"channel": "portal"}, False),
        ({"owners": ("hydro",)}, {"owner": "hydro"}, True),
        ({"owners": ("hydro",)}, {"owner": ""}, False),
        ({"requesters": ("confidential",)}, {"requester": "named"}, False),
        ({"answers": Is(field="danger", value=True)}, {"answers": {"danger": True}}, True),
        ({"answers": Is(field="danger", value=True)}, {"answers": {}}, False),
        ({"words": ("inondation",)}, {"said": "Une innondation au sous-sol"}, True),
        ({"words": ("fuite de gaz",)}, {"told": "du gaz, une grosse fuite"}, True),
        ({"words": ("fuite de gaz", "gas leak")}, {"said": "there is a gas leek, sorry, leaks of gas"}, True),
        ({"words": ("fuite",)}, {"said": "des fruits partout"}, False),
        ({"times": ("open",)}, {}, True),
        ({"times": ("closed",)}, {}, False),
        ({"times": ("night",)}, {"at": NIGHT}, True),
        ({"times": ("night", "weekend")}, {"at": SUNDAY}, True),
        ({"times": ("weekend",)}, {"at": NIGHT}, False),
        ({"season": Season(first="11-15", last="04-01")}, {}, True),
        ({"season": Season(first="04-02", last="11-14")}, {}, False),
        # It is the 26th in UTC, and still the 25th in the town.
        ({"season": Season(first="11-01", last="11-25")}, {"at": NIGHT}, True),
    ],
)
def test_a_rule_fits_when_each_of_its_conditions_holds(here, rule, known, fits):
    decision = decide(Rules(rules=(Rule(unit="roads", **rule),), default="citizens"), facts(**known), here)
    assert (decision.unit, decision.number) == (("roads", 1) if fits else ("citizens", 0))


def test_the_first_that_fits_decides_and_one_that_leads_nowhere_is_passed_over(here):
    rules = (
        Rule(unit="gone", types=("hole",)),
        Rule(owner="nobody", types=("hole",)),
        Rule(unit="roads", types=("hole",), priority=URGENT),
        Rule(unit="parks", types=("hole",)),
    )
    decision = decide(Rules(rules=rules, default="gone"), facts(), here)
    assert (decision.unit, decision.number, decision.priority) == ("roads", 3, URGENT)
    assert decide(Rules(rules=rules, default="gone"), facts(type="quarrel"), here).unit == here.default_unit


UNITS = some.sampled_from(["", "roads", "parks", "citizens", "gone", "ROADS"])
CONDITIONS = some.sampled_from(
    [
        Is(field="a", value=True),
        AtLeast(field="b", value=2),
        Not(part=Is(field="a", value=1)),
        All(parts=(Answered(field="a"), Not(part=OneOfThese(field="b", values=("x", 1))))),
        All(parts=()),
        Some(parts=()),
    ]
)
RULES = some.fixed_dictionaries(
    {
        "unit": UNITS,
        "owner": some.sampled_from(["", "hydro", "gone"]),
        "types": some.sampled_from([(), ("hole",), ("quarrel",)]),
        "zones": some.sampled_from([(), ("a",)]),
        "words": some.sampled_from([(), ("gaz",), ("",)]),
        "times": some.sampled_from([(), ("night",), ("closed",)]),
        "answers": some.none() | CONDITIONS,
    }
).map(lambda given: Rule(**given))
FACTS = some.fixed_dictionaries(
    {
        "type": some.sampled_from(["hole", "quarrel", "other"]),
        "zones": some.sampled_from([(), ("a", "b")]),
        "said": some.text(max_size=40),
        "answers": some.dictionaries(some.sampled_from(["a", "b"]), some.sampled_from([True, 1, "x", None, ["x"]])),
        "at": some.sampled_from([NOON, NIGHT, SUNDAY]),
    }
).map(lambda given: Facts(**given))


def test_every_request_gets_a_unit_that_exists(jurisdictions):
    there = jurisdictions.jurisdiction("parvis")
    there = OWNERS.put(there, (*OWNERS.of(there), HYDRO))

    @settings(deadline=None)
    @given(rules=some.lists(RULES, max_size=4).map(tuple), default=UNITS, known=FACTS)
    def finds_one(rules, default, known):
        assert decide(Rules(rules=rules, default=default), known, there).unit in there.units

    finds_one()


@pytest.mark.parametrize(
    ("known", "unit"),
    [
        ({"zones": ("east",)}, "roads"),
        ({"zones": ("west", "east")}, "roads"),
        ({"zones": ("west",)}, "parks"),
        ({"zones": ("west",), "channel": "phone"}, "citizens"),
        ({"type": "quarrel", "theme": "neighbours"}, "trees"),
    ],
)
def test_the_files_of_the_town_are_the_first_rules(here, known, unit):
    routes = (
        RouteRule(types=("hole",), zones=("east",), unit="roads"),
        RouteRule(inspections=("*",), unit="permits"),
        RouteRule(types=("hole",), channels=("phone",), unit="citizens"),
        RouteRule(themes=("streets",), unit="parks"),
    )
    there = structs.replace(here, routes=routes, default_unit="trees")
    rules = of_files(there)
    assert len(rules.rules) == 3
    assert decide(rules, facts(**known), there).unit == unit


@pytest.mark.parametrize("channel", ["portal", "phone"])
@pytest.mark.parametrize("code", ["hole", "quarrel"])
async def test_what_the_files_say_is_the_same_with_the_module_and_without(town, here, code, channel):
    routes = (
        RouteRule(inspections=("*",), unit="permits"),
        RouteRule(types=("hole",), zones=(here.zones[0].code, "plateau"), channels=("phone",), unit="roads"),
        RouteRule(themes=("streets",), types=("hole", "gone"), unit="parks"),
    )
    there = structs.replace(here, routes=routes, default_unit="trees")
    inputs = RoutingInputs(
        request_type=town.host.plugins.request_types[code],
        channel=channel,
        requester="named",
        place=Place(**HERE),
        answers={},
        at=NOON,
    )
    with_it = await route(town.host, there, inputs)
    without = by_file(there, inputs, names_in(town.host, there))
    assert (with_it.unit, with_it.priority, with_it.owner) == (without.unit, without.priority, without.owner)
    assert with_it.body == without.body


async def test_what_is_sensitive_is_no_fact_and_what_is_personal_is_never_named(town, hole, here):
    answers = {"danger": True, "words": "Une fuite de gaz", "witness": "Odeur d’essence", "health": "brûlure"}
    known = facts_of(here, hole, channel="phone", requester="named", place=None, answers=answers, at=NOON)
    assert "health" not in known.answers
    assert "brûlure" not in known.said + known.told
    assert known.said == "Une fuite de gaz"
    assert "Odeur" in known.told
    names = names_in(town.host, here)
    rule = Rule(unit="roads", words=("essence", "gaz"), answers=Is(field="witness", value="Odeur d’essence"))
    decision = decide(Rules(rules=(rule,), default="citizens"), known, here)
    assert decision.heard == ("gaz",)
    why = why_of(decision, names)
    assert why.fr == "Règle 1\u00a0: réponse à «\u00a0Témoin\u00a0», mots «\u00a0gaz\u00a0»"
    assert why.en == "Rule 1: answer to “Témoin”, words “gaz”"
    only_personal = decide(Rules(rules=(structs.replace(rule, words=("essence",)),), default="citizens"), known, here)
    assert why_of(only_personal, names).en == "Rule 1: answer to “Témoin”, words in the request"
    assert "essence" in sentence_of(rule, names).fr
    assert "essence" not in sentence_of(rule, names, openly=False).fr


async def test_a_rule_is_said_in_both_languages(town, here):
    names = names_in(town.host, here)
    zone = here.zones[0]
    rule = Rule(
        zones=(zone.code,),
        types=("hole",),
        channels=("phone", "counter"),
        answers=All(
            parts=(
                Is(field="danger", value=True),
                Not(part=Answered(field="words")),
                Some(parts=(AtLeast(field="depth", value=3), AtMost(field="depth", value=1))),
                OneOfThese(field="kind", values=("a", "b")),
                Includes(field="kinds", value="c"),
            )
        ),
        times=("night",),
        season=Season(first="12-01", last="03-31"),
        requesters=("anonymous",),
        unit="roads",
        priority=URGENT,
    )
    said = sentence_of(rule, names)
    assert said.fr == (
        f"Si {zone.name.fr}, Trou, téléphone ou comptoir, anonymat, "
        "«\u00a0Dangereux ?\u00a0» oui, sauf (réponse donnée à «\u00a0Décrivez\u00a0»), "
        "«\u00a0depth\u00a0» 3 ou plus ou «\u00a0depth\u00a0» 1 ou moins, "
        "«\u00a0kind\u00a0» a ou b, «\u00a0kinds\u00a0» c, la nuit (de 22 h à 6 h), du 1er décembre au 31 mars → "
        f"{here.units['roads'].name.fr}, priorité urgente"
    )
    assert said.en.startswith(f"If {zone.name.to('en')}, Hole, phone or counter, anonymous, ")
    assert said.en.endswith(
        "at night (10 p.m. to 6 a.m.), from December 1 to March 31 → "
        f"{here.units['roads'].name.to('en')}, priority urgent"
    )
    titled = decide(Rules(rules=(Rule(unit="roads", title=Text(fr="Trous", en="Holes")),), default="x"), facts(), here)
    assert why_of(titled, names) == Text(fr="Règle 1\u00a0: Trous", en="Rule 1: Holes")
    assert why_of(decide(Rules(default="roads"), facts(), here), names).en == "No rule applies"


async def test_intake_follows_the_rules_and_its_history_says_by_which(town):
    rule = Rule(unit="roads", types=("hole",), answers=Is(field="danger", value=True), priority=URGENT)
    put(town, Rule(unit="parks", types=("quarrel",)), rule)
    record = await find(town.host, (await town.submit(answers={"danger": True})).reference)
    assert (record.unit, record.priority) == ("roads", URGENT)
    routed = (await entries_of(record))[0].body["routed"]
    assert (routed["version"], routed["rule"], routed["unit"]) == (3, 2, "roads")
    assert routed["words"]["en"] == "Rule 2: Hole, “Dangereux ?” yes"
    other = await find(town.host, (await town.submit(answers={"danger": False})).reference)
    assert (other.unit, other.priority) == ("citizens", 0)
    assert (await entries_of(other))[0].body["routed"]["words"]["fr"] == "Aucune règle ne s’applique"


async def test_another_type_is_routed_again_by_the_rules_in_force(town):
    put(town, Rule(unit="parks", types=("quarrel",)))
    receipt = await town.submit()
    await amend(town.host, receipt.reference, type="quarrel", actor=ANA)
    record = await find(town.host, receipt.reference)
    assert record.unit == "parks"
    assert (await entries_of(record))[-1].body["routed"]["rule"] == 1


async def test_what_a_rule_says_is_not_the_towns_is_answered_with_its_owner(town, hole, here):
    put(town, Rule(owner="hydro", words=("poteau",)))
    raw = {"answers": {"danger": True, "words": "Un poto penché"}, "place": HERE, "requester": {"mode": "anonymous"}}
    answer = await take_in(town.host, here, hole.read(raw, channel="phone"))
    assert isinstance(answer, Problems)
    assert [each.code for each in answer.found] == ["not_ours"]
    assert "https://hydro.example" in answer.found[0].message.en
    past = await take_in(town.host, here, hole.read(raw, channel="phone"), judged=False)
    assert not isinstance(past, Problems)
    assert (await find(town.host, past.reference)).unit == "citizens"


async def test_rules_in_force_cost_a_request_no_statement(town):
    put(town, Rule(unit="parks", types=("quarrel",)))
    await town.submit()
    with counted() as with_few:
        await town.submit()
    put(town, *(Rule(unit="parks", words=(f"mot{n}",)) for n in range(200)))
    with counted() as with_many:
        await town.submit()
    assert with_few.count == with_many.count
    assert not any("rule" in sql.split("INSERT")[0] for sql in with_many.statements)


async def test_the_places_owner_is_known_to_the_rules(here, hole):
    there = OWNERS.put(here, (structs.replace(HYDRO, types=(), passed_on=True),))
    known = facts_of(there, hole, channel="portal", requester="named", place=Place(**HERE), answers={}, at=NOON)
    assert known.owner == "hydro"
    assert known.zones
