"""A complaint about an animal: who may make it, how fast it goes, who may be sent."""

import pytest

from parvis_sdk.requests import Phase


@pytest.mark.parametrize(
    ("answers", "promise"),
    [
        ({}, "standard"),
        ({"nuisance": "bite"}, "danger"),
        ({"nuisance": "aggressive", "danger": True}, "danger"),
        ({"nuisance": "aggressive", "danger": False}, "standard"),
    ],
)
async def test_a_bite_or_a_danger_is_dealt_with_within_a_day(types, complaint, answers, promise):
    level = types["animal_nuisance"].promise(complaint("animal_nuisance", **answers)["answers"])
    assert level.code == promise
    assert level.hours == (24 if promise == "danger" else 0)


@pytest.mark.parametrize("mode", ["confidential", "named", "anonymous"])
async def test_a_dangerous_dog_may_be_reported_in_any_way(desk, complaint, mode):
    raw = complaint("animal_nuisance") | {"requester": {"mode": mode, "name": "Luc", "phone": "450 555-0199"}}
    assert (await desk.submit("animal_nuisance", raw)).submission.requester.mode == mode


async def test_nobody_keeps_a_raccoon(desk, complaint):
    wild = await desk.submit("animal_nuisance", complaint("animal_nuisance", animal="wild", nuisance="damage"))
    assert "keeper_address" not in wild.submission.answers


async def test_animal_control_is_sent_and_the_file_is_settled(desk, complaint):
    case = await desk.submit("animal_nuisance", complaint("animal_nuisance", animal="wild", nuisance="dead"))
    await desk.move(case, "entrust", {"contractor": "Contrôle animalier de la région"})
    assert desk.phase(case) is Phase.IN_PROGRESS
    await desk.move(case, "settle")
    await desk.wait(days=30)
    assert desk.phase(case) is Phase.CLOSED


def test_barking_is_logged_like_noise(types):
    assert types["animal_nuisance"].occurrence == types["noise"].occurrence
