"""A party from its application to its last day, at the pretend desk: each opinion on its own clock."""

from parvis_sdk.workflow import Denied

PARTY = {
    "party_name": "Fête de la rue Fabre",
    "street": "Rue Fabre, entre Rachel et Marie-Anne",
    "held_on": "2026-08-15",
    "ends_on": "2026-08-15",
    "begins_at": "10:00",
    "reopens_at": "22:00",
    "people": 300,
    "minders": 6,
    "barriers": 4,
    "includes": ["fire", "music"],
    "on_bus_route": True,
    "neighbours": "Un mot dans chaque boîte aux lettres.",
    "non_profit": False,
    "insured_until": "2026-12-31",
    "insured_amount": 2_000_000_00,
}
REQUESTER = {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.com"}
PLACE = {"lon": -73.5756, "lat": 45.5279, "address": "4300, rue Fabre"}


def asked(**otherwise):
    return {"answers": PARTY | otherwise, "place": PLACE, "requester": REQUESTER}


async def opined(desk, case, *codes):
    for code in codes:
        assert isinstance(await desk.give_opinion(case, code), tuple)


def facts(desk, case):
    """What is true of the opinions, without the word that all share."""
    return {fact.removeprefix("review.opinions.") for fact in desk.facts(case) if fact.startswith("review.")}


def refused(problems, code):
    return [each.message.fr for each in problems.found if each.path.removeprefix("answers.") == code]


async def test_a_party_that_its_insurance_does_not_cover_is_refused_with_the_sentence(desk):
    said = refused(await desk.submit("street_party", asked(insured_until="2026-08-15")), "insured_until")
    assert said == [
        "L’assurance doit couvrir toute la fête, qui finit le 15 août 2026, et le lendemain pour tout démonter."
    ]
    said = refused(await desk.submit("street_party", asked(people=600)), "insured_amount")
    assert said == [
        "Pour 600\u00a0personnes, il faut une assurance d’un million de dollars et de 2000\u00a0$ par personne; la "
        "vôtre couvre 2\u00a0000\u00a0000\u00a0$."
    ]
    assert (await desk.submit("street_party", asked(people=500))).state == "received"


async def test_volunteers_and_people_are_compared(desk):
    assert refused(await desk.submit("street_party", asked(minders=2)), "minders") == [
        "Il faut un bénévole pour cent personnes\u00a0: vous attendez 300\u00a0personnes."
    ]
    assert refused(await desk.submit("street_party", asked(people=10, minders=11)), "minders")


async def test_a_party_is_studied_paid_authorised_and_held(desk):
    case = await desk.submit("street_party", asked())
    assert [each.cents for each in desk.charges(case)] == [80_00]
    await desk.move(case, "study")
    assert isinstance(await desk.give_opinion(case, "borough"), Denied)  # it comes after the others
    await opined(desk, case, "police", "fire", "works", "transit", "noise", "borough")
    assert case.state == "deciding"
    assert (await desk.move(case, "authorise", {"late_music": "non"})).code == "not_yet"
    await desk.pay(case, "permit")
    await desk.move(case, "authorise", {"late_music": "non", "conditions": "Laisser passer les pompiers."})
    assert (case.state, desk.documents(case)[0].number) == ("authorised", "FR-2026-0001")
    await desk.wait(days=70)
    assert case.state == "held"
    await desk.wait(days=30)
    assert case.state == "closed"


async def test_silence_of_transit_is_its_agreement_and_what_it_says_later_is_only_noted(desk):
    case = await desk.submit("street_party", asked(includes=["fire"]))
    await desk.move(case, "study")
    await desk.wait(days=7)  # four business days
    assert "review.opinions.escalated_transit" in [getattr(each, "fact", "") for each in desk.events]
    assert "deemed_transit" in facts(desk, case)
    assert "deemed_police" not in facts(desk, case)
    await desk.give_opinion(case, "transit", "unfavourable", words="Le détour est impossible.")
    await opined(desk, case, "police", "fire", "works", "borough")
    assert {"favourable", "deemed_transit"} <= facts(desk, case)


async def test_a_late_opinion_on_noise_counts_while_others_are_awaited(desk):
    case = await desk.submit("street_party", asked(on_bus_route=False))
    await desk.move(case, "study")
    await desk.wait(days=8)
    assert "deemed_noise" in facts(desk, case)
    await desk.give_opinion(case, "noise", "conditional", conditions="Pas de basses")
    await opined(desk, case, "police", "fire", "works", "borough")
    assert {"conditional", "given_noise"} <= facts(desk, case)


async def test_late_music_needs_words_of_the_environment_and_not_its_silence(desk):
    case = await desk.submit("street_party", asked(on_bus_route=False))
    await desk.pay(case, "permit")
    await desk.move(case, "study")
    await desk.wait(days=8)
    await opined(desk, case, "police", "fire", "works", "borough")
    late = await desk.move(case, "authorise", {"late_music": "oui"})
    assert late.reason.fr.endswith("demande l’avis écrit de l’environnement\u00a0: son silence ne suffit pas.")
    assert not isinstance(await desk.move(case, "authorise", {"late_music": "non"}), Denied)


async def test_a_thousand_people_need_opinions_without_conditions(desk):
    crowd = asked(people=1000, minders=10, insured_amount=3_000_000_00, includes=[], on_bus_route=False)
    case = await desk.submit("street_party", crowd)
    await desk.pay(case, "permit")
    await desk.move(case, "study")
    await desk.give_opinion(case, "police", "conditional", conditions="Deux agents")
    await opined(desk, case, "fire", "works", "borough")
    assert "authorise" not in desk.moves(case)
    assert (await desk.move(case, "authorise", {"late_music": "non"})).code == "not_yet"


async def test_other_days_ask_again_only_those_whom_they_concern(desk):
    case = await desk.submit("street_party", asked())
    await desk.move(case, "study")
    await opined(desk, case, "police", "fire", "works", "transit", "noise", "borough")
    assert case.state == "deciding"
    days = {"held_on": "2026-08-22", "ends_on": "2026-08-22"}
    await desk.move(case, "change_days", days, by="requester")
    states = {each.task: each.state for each in case.rounds[-1].tasks}
    assert states == {
        "police": "asked",
        "fire": "given",
        "works": "asked",
        "transit": "asked",
        "noise": "given",
        "borough": "waiting",
    }
    await opined(desk, case, "police", "works", "transit", "borough")
    assert case.state == "deciding"


async def test_other_days_that_the_insurance_does_not_cover_are_refused(desk):
    case = await desk.submit("street_party", asked(insured_until="2026-08-20"))
    await desk.move(case, "study")
    days = {"held_on": "2026-08-20", "ends_on": "2026-08-20"}
    said = refused(await desk.move(case, "change_days", days, by="requester"), "ends_on")
    assert said == ["Votre assurance finit le 20 août 2026\u00a0: elle ne couvre pas toute la fête, ni le lendemain."]


async def test_a_recognized_organization_pays_for_its_barriers_alone(desk):
    case = await desk.submit("street_party", asked(non_profit=True))
    assert [each.cents for each in desk.charges(case)] == [20_00]
