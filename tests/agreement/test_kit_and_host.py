"""What the pretend desk of the sdk answers is what the host answers: states, facts, sentences, events, amounts.

A kit that says yes where the host says no lets a vendor ship a broken plugin. Each script is played on both.
"""

import importlib
import sys
from datetime import date
from pathlib import Path

import pytest

from parvis_documents import making
from parvis_documents.composing import compose

from .permit import EVERYTHING
from .players import Both, Kit, OnHost

VENDORS = Path(__file__).parents[1] / "vendors"
PARTIES = Path(__file__).parents[2] / "examples/street_party/src"
PARTY = {
    "party_name": "Fête de la rue Fabre",
    "street": "Rue Fabre",
    "held_on": "2026-08-15",
    "ends_on": "2026-08-15",
    "begins_at": "10:00",
    "reopens_at": "22:00",
    "people": 300,
    "minders": 6,
    "barriers": 4,
    "includes": ["music"],
    "on_bus_route": True,
    "neighbours": "Un mot dans chaque boîte.",
    "non_profit": False,
    "insured_until": "2026-08-31",
    "insured_amount": 2_000_000_00,
}
pytestmark = pytest.mark.database


@pytest.fixture
async def both(hosted):
    async def make(request_type=EVERYTHING, **answers):
        made = Both(Kit(request_type), OnHost(await hosted(request_type), request_type))
        usual = {"size": 10, "crowded": True} if request_type is EVERYTHING else {}
        await made.submit(**usual | answers)
        return made

    return make


async def reviewed(both):
    await both("move", "study")
    for task in ("zoning", "fire", "board"):
        await both("give_opinion", task)


async def granted(both, **given):
    await both("pay", "study")
    await reviewed(both)
    assert await both("move", "grant", given or None) == "done"


async def test_nothing_is_granted_unpaid(both):
    play = await both()
    await reviewed(play)
    code, why = await play("move", "grant")
    assert (code, "Étude" in why.fr, play.state) == ("not_yet", True, "deciding")
    assert await play("pay", "study") == "done"
    assert (await play("pay", "study"))[1].fr == "Il n’y a plus rien à payer pour «\u00a0Étude\u00a0»."
    assert await play("move", "grant") == "done"


async def test_a_fee_that_is_waived_counts_as_paid(both):
    play = await both()
    await reviewed(play)
    await play("waive", "study", "Organisme reconnu")
    assert await play("move", "grant") == "done"


async def test_a_withdrawal_lets_off_what_is_owed_and_a_refusal_gives_the_deposit_back(both):
    play = await both()
    assert await play("move", "withdraw", by="requester") == "done"


async def test_a_deposit_goes_back_and_no_more_than_was_paid(both):
    play = await both()
    await play("pay", "study")
    await play("move", "study")
    await play("move", "refuse")
    assert (await play("refund", "study", 500_00))[0] == "not_possible"
    await play("refund", "study", 100_00)
    await play("refund", "study", 70_00)


async def test_opinions_come_in_their_turn_and_are_joined(both):
    play = await both()
    await play("move", "study")
    assert (await play("give_opinion", "board"))[0] == "not_yet"
    assert (await play("give_opinion", "zoning", "unfavourable")) == [("words", "required")]
    await play("give_opinion", "zoning", "unfavourable", words="Non conforme.")
    await play("give_opinion", "zoning", "favourable")
    await play("give_opinion", "fire", "conditional", conditions="Un extincteur")
    await play("give_opinion", "board")
    assert play.state == "deciding"
    await play("give_opinion", "board", "unfavourable", words="Réflexion faite, non.")
    await play.wait(40)
    assert play.state == "closed"
    assert (await play("give_opinion", "board"))[0] == "not_possible"


async def test_who_need_not_be_asked_is_not_waited_for(both):
    play = await both(crowded=False)
    await play("move", "study")
    await play("give_opinion", "zoning")
    await play("give_opinion", "board")
    assert play.state == "deciding"


async def test_a_move_needs_what_the_answers_say_its_own_among_them(both):
    play = await both(size=10, value=10_000_00)
    await play("move", "study")
    code, why = await play("move", "hurry", {"sure": True})
    assert (code, why.fr.endswith("Ce qui vaut plus de 1000 $ le mètre se paie d’abord.")) == ("not_yet", True)
    await play("pay", "study")
    code, why = await play("move", "hurry", {"sure": False})
    assert (code, "examen terminé" in why.fr) == ("not_yet", True)
    assert await play("move", "hurry", {"sure": True}) == "done"


async def test_a_move_needs_nothing_where_what_is_compared_was_not_answered(both):
    play = await both()
    await play("move", "study")
    assert await play("move", "hurry") == "done"


async def test_an_opinion_after_its_silence_is_noted_or_counts_as_its_rule_says(both):
    play = await both()
    await play("move", "sound")
    await play.wait(9)
    assert {"review.silent.deemed_noted", "review.silent.deemed_counts"} <= play.kit.desk.facts(play.kit.case)
    await play("give_opinion", "noted", "unfavourable", words="Trop tard.")
    await play("give_opinion", "noted", "unfavourable", words="Trop tard, vraiment.")
    await play("give_opinion", "counts", "conditional", conditions="Un extincteur")
    await play("give_opinion", "last")
    assert {"review.silent.conditional", "review.silent.deemed_noted"} <= play.kit.desk.facts(play.kit.case)


async def test_a_supplement_is_answered_in_parts(both):
    play = await both()
    assert (await play("move", "ask"))[0] == "not_possible"
    assert await play("ask_supplement", {}) == [("points", "required")]
    assert await play("ask_supplement", {"nothing": "?"}) == [("nothing", "not_offered")]
    await play("ask_supplement", {"size": "Trop petit?", "name": "Il manque."})
    assert (await play("answer_supplement", {"size": "x"})) != "done"
    await play("answer_supplement", {"size": "12"})
    assert play.state == "waiting"
    await play("answer_supplement", {"name": "Zoé"})
    assert (play.state, play.kit.case.submission.answers["size"]) == ("review", 12)
    assert (await play("answer_supplement", {"name": "Ana"}))[0] == "not_from_here"


async def test_what_rules_find_missing_or_implausible_is_asked_for_once(both):
    play = await both(value=500_00)
    await play("move", "look")
    assert play.state == "waiting"
    points = [(each.point.field, each.point.reason) for each in play.kit.case.lists[-1].points]
    assert points == [("name", "named"), ("value", "value")]
    await play("answer_supplement", {"name": "Zoé"})
    await play("answer_supplement", words={"value": "C’est un don."})
    assert play.state == "review"
    await play("move", "look")
    assert play.state == "review"  # neither is asked again, though the value is as it was


async def test_rules_that_everything_keeps_ask_for_nothing(both):
    play = await both(name="Zoé", value=5_000_00)
    await play("move", "look")
    assert (play.state, play.kit.case.lists) == ("review", [])


async def test_a_supplement_that_nobody_answers_is_reminded_warned_given_up_and_taken_up_again(both):
    play = await both()
    await play("ask_supplement", {"name": "Il manque."})
    await play.wait(31)
    assert play.state == "abandoned"
    await play("move", "take_up", by="requester")
    await play("answer_supplement", words={"name": "Je n’en ai pas."})
    assert play.state == "review"


async def test_a_permit_is_reminded_of_expires_and_may_not_be_renewed_for_ever(both):
    play = await both()
    await granted(play)
    assert (await play("move", "renew", by="requester"))[0] == "not_yet"
    await play.wait(150)
    await play.wait(40)
    assert play.state == "expired"
    await play.wait(20)
    assert play.state == "closed"


async def test_a_renewal_costs_only_what_has_risen_holds_past_the_end_and_counts_from_it(both):
    play = await both()
    await granted(play)
    await play.wait(150)
    await play("move", "renew", {"size": "15"}, by="requester")
    assert [each.cents for each in play.kit.desk.charges(play.kit.case)] == [170_00, 10_00]
    await play.wait(40)
    assert (play.state, "validity.permit.held_over" in play.kit.desk.facts(play.kit.case)) == ("renewing", True)
    await play("pay", "study")
    assert (play.state, [each.version for each in play.kit.case.documents]) == ("granted", [1, 2])
    await play.wait(150)


async def test_a_renewal_that_costs_no_more_is_made_at_once(both):
    play = await both()
    await granted(play)
    await play.wait(150)
    await play("move", "renew", by="requester")
    assert play.state == "granted"


async def test_a_renewal_given_up_after_the_end_ends_with_it(both):
    play = await both()
    await granted(play)
    await play.wait(150)
    await play("move", "renew", {"size": "15"}, by="requester")
    await play.wait(40)
    await play("move", "drop", by="requester")
    assert play.state == "expired"


async def test_a_renewal_that_nobody_pays_ends_with_its_grace(both):
    play = await both()
    await granted(play)
    await play.wait(150)
    await play("move", "renew", {"size": "15"}, by="requester")
    await play.wait(60)
    assert play.state in ("expired", "closed")


async def test_a_suspension_ends_on_its_day(both):
    play = await both()
    await granted(play)
    assert await play("move", "suspend", {"suspended_until": "2026-07-10"}) == "done"
    await play.wait(30)
    assert play.state == "granted"


async def test_what_is_demanded_falls_due_is_proved_and_runs_out_again(both):
    play = await both()
    await granted(play, demands=[{"demand": "Balayer la rue", "due_on": "2026-07-01"}, {"demand": "Prévenir"}])
    await play.wait(50)
    assert await play("prove", "insurance", {"insured_until": "2020-01-01"}) == [("insured_until", "too_early")]
    await play("prove", "insurance", {"insured_until": "2026-09-30"})
    await play("send_back_proof", "insurance", "Illisible.")
    await play("prove", "insurance", {"insured_until": "2026-09-30"})
    await play("accept_proof", "insurance")
    await play("accept_proof", "written")
    await play("waive_obligation", "written", "Ce n’est plus utile.")
    await play.wait(70)
    await play("postpone_obligation", "insurance", date(2026, 12, 1), "En attente de l’assureur.")
    await play.wait(20)


async def test_visits_follow_each_other_and_failures_are_looked_at_again(both):
    play = await both()
    assert (await play("ask_inspection", "last"))[0] == "not_possible"
    await granted(play)
    assert (await play("inspect", "last"))[0] == "not_possible"
    await play("inspect", "first", missed="Personne sur place.")
    await play("inspect", "first")
    await play("inspect", "last", notes={"doors": "Elle manque."}, notice=True)
    await play.wait(11)
    assert "inspection.last.overdue" in play.kit.desk.facts(play.kit.case)
    await play("inspect", "last")
    assert (await play("ask_inspection", "last"))[0] == "not_possible"


async def test_a_dog_licence_of_a_vendor_lives_alike(both):
    sys.path.append(str(VENDORS))
    play = await both(
        importlib.import_module("dog_licence").DOG_LICENCE,
        dog="Filou",
        guide_dog=False,
        vaccine_until="2027-01-31",
    )
    assert play.state == "received"
    await play("pay", "first")
    assert play.state == "licensed"
    await play.wait(235)
    assert play.state == "suspended"
    await play("prove", "rabies", {"vaccine_until": "2028-01-31"})
    await play("accept_proof", "rabies")
    await play.wait(80)
    await play("move", "renew", by="requester")
    await play.wait(60)
    await play("pay", "again")
    assert play.state == "licensed"
    await play.wait(500)
    assert play.state == "closed"


async def test_the_tables_of_a_document_say_the_same(both, monkeypatch):
    sheets = []

    async def kept_as_composed(host, paper):
        sheets.append(await compose(host, paper))
        return sheets[-1]

    monkeypatch.setattr(making, "compose", kept_as_composed)
    play = await both()
    await granted(play)
    held = {each["code"]: [tuple(row) for row in each["rows"]] for each in sheets[-1].sheets[0]["holds"]}
    (issued,) = play.kit.case.documents
    assert held == {code: [*each.rows] for code, each in issued.holds.items()}
    assert held["fees"][-1] == ("Total", "170,00\u00a0$")
    assert [row[:2] for row in held["opinions"]] == [("Zonage", "Favorable")]


async def test_a_street_party_of_the_examples_lives_alike(both, monkeypatch):
    monkeypatch.syspath_prepend(PARTIES)
    play = await both(importlib.import_module("parvis_street_party.service").SERVICE, **PARTY)
    await play("move", "study")
    await play.wait(8)
    assert {"review.opinions.deemed_transit", "review.opinions.deemed_noise"} <= play.kit.desk.facts(play.kit.case)
    await play("give_opinion", "transit", "unfavourable", words="Trop tard.")
    for task in ("police", "fire", "works", "borough"):
        await play("give_opinion", task)
    assert play.state == "deciding"
    later = {"held_on": "2026-08-31", "ends_on": "2026-08-31"}
    assert await play("move", "change_days", later, by="requester") == [("ends_on", "check")]
    assert (
        await play("move", "change_days", {"held_on": "2026-08-22", "ends_on": "2026-08-22"}, by="requester") == "done"
    )
    asked = {each.task for each in play.kit.case.rounds[-1].tasks if each.state == "asked"}
    assert asked == {"police", "works", "transit"}
    for task in ("police", "works", "transit", "borough"):
        await play("give_opinion", task)
    await play("pay", "permit")
    code, why = await play("move", "authorise", {"late_music": True})
    assert (code, why.fr.endswith("son silence ne suffit pas.")) == ("not_yet", True)
    assert await play("move", "authorise", {"late_music": False}) == "done"
    await play.wait(70)
    assert play.state == "held"
