"""Who answers a list of points does not say what only the town knows of the place."""

import pytest
from msgspec import structs

from parvis.requests.records import Record
from parvis_sdk.supplement_answers import SupplementAnswers
from parvis_sdk.supplements import Point
from parvis_supplements.completing import answer
from parvis_supplements.marking import ask
from parvis_testing.heritage import ELSEWHERE, HOUSE, with_heritage
from parvis_testing.town import ANA, HERE

from ..filing import COMPLETENESS, FILE

FILED_HOUSE = structs.replace(HOUSE, workflow=FILE.workflow, parts=(structs.replace(COMPLETENESS, reasons=()),))


@pytest.fixture
def zoned(town_of, tmp_path):
    return with_heritage(town_of(FILED_HOUSE), tmp_path)


@pytest.mark.parametrize(
    ("place", "known"), [(ELSEWHERE, {}), (HERE, {"heritage": True, "bricks": "rouges"})], ids=["unknown", "known"]
)
async def test_a_requester_who_completes_a_file_does_not_say_what_only_the_town_knows(zoned, place, known):
    receipt = await zoned.submit("house", answers={"bricks": "rouges"}, place=place)
    point = Point(field="colour", words="De quelle couleur?")
    asked = await ask(
        zoned.host,
        receipt.reference,
        "completeness",
        [point],
        "",
        transition="complete",
        raw={},
        actor=ANA,
        mover="agent",
    )
    assert isinstance(asked, Record), asked
    given = SupplementAnswers(raw={"heritage": "\0" * 50_001, "colour": "ocre"})
    done = await answer(zoned.host, receipt.reference, "completeness", given)
    assert isinstance(done, Record), done
    assert done.answers == known | {"colour": "ocre"}
