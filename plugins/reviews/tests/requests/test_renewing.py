"""A dog licence is renewed with other answers: opinions on the renewal are asked for by the new answers."""

from datetime import timedelta

import pytest

from parvis import clock
from parvis.requests.actors import REQUESTER
from parvis.requests.lifecycle import make_move
from parvis.requests.records import Record
from parvis_reviews.review_tasks import tasks_of
from parvis_sdk.conditions import Is
from parvis_sdk.fields import PERSONAL, Number, ShortText, YesNo
from parvis_sdk.request_types import RequestType, Retention
from parvis_sdk.requests import Phase
from parvis_sdk.reviews import Review, Task
from parvis_sdk.starter_kit import form
from parvis_sdk.validity import Renewal, Validity
from parvis_sdk.workflow import State, Transition, Workflow
from parvis_testing.modules import only
from parvis_testing.town import ANA, HOLE, said

FERTILE, STERILE = (Is(field="sterilised", value=value) for value in (False, True))
STERILISED = YesNo(code="sterilised", label=said("Stérilisé", "Sterilised"))
OWNER = ShortText(code="owner", label=said("Maître", "Owner"), required=False, privacy=PERSONAL)
DOGS = Number(code="dogs", label=said("Chiens", "Dogs"), least=1)
GRANT = Transition(
    code="grant",
    title=said("Accorder", "Grant"),
    sources=("received",),
    target="granted",
    brings=("validity.licence.valid",),
)
RENEW = Transition(
    code="renew",
    title=said("Renouveler", "Renew"),
    sources=("granted",),
    target="granted",
    by=("requester",),
    asks=form(STERILISED, DOGS, OWNER),
    brings=("review.vets.open", "validity.licence.renewed"),
)
CLOSE = Transition(code="close", title=said("Fermer", "Close"), sources=("granted",), target="closed")
DOG = RequestType(
    code="dog",
    title=said("Chien", "Dog"),
    summary=said("Une licence", "A licence"),
    slug=said("chien", "dog"),
    theme=HOLE.theme,
    form=form(STERILISED, OWNER),
    workflow=Workflow(
        states=(
            State(code="received", title=said("Reçue"), phase=Phase.RECEIVED),
            State(code="granted", title=said("Accordée"), phase=Phase.DECIDED),
            State(code="closed", title=said("Fermée"), phase=Phase.CLOSED),
        ),
        transitions=(GRANT, RENEW, CLOSE),
    ),
    retention=Retention(days=365),
    parts=(
        Validity(code="licence", title=said("Licence"), months=12, renewal=Renewal(opens=366, grace=30)),
        Review(
            code="vets",
            title=said("Avis", "Opinions"),
            tasks=(
                Task(code="pound", title=said("Fourrière", "Pound"), unit="parks", when=FERTILE),
                Task(code="vet", title=said("Vétérinaire", "Vet"), unit="parks", when=STERILE),
            ),
        ),
    ),
)


@pytest.fixture(scope="session")
def modules():
    return only("grants", "reviews")


async def test_an_opinion_on_a_renewal_is_asked_of_whom_its_own_answers_call_for(town_of):
    town = town_of(DOG)
    reference = (await town.submit("dog", answers={"sterilised": True, "owner": "Zoé"})).reference
    granted = await make_move(town.host, reference, "grant", {}, actor=ANA, mover="agent")
    assert isinstance(granted, Record), granted
    given = {"sterilised": False, "dogs": 2, "owner": "Max"}
    with clock.moved_to(clock.now() + timedelta(days=20)):
        renewed = await make_move(town.host, reference, "renew", given, actor=REQUESTER, mover="requester")
    assert isinstance(renewed, Record), renewed
    assert [each.task for each in await tasks_of(renewed.id)] == ["pound"]
