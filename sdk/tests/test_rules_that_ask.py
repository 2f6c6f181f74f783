"""Supplements asked for by rules: what is missing or not plausible, once, at the pretend desk; mistakes of authors."""

from msgspec import structs

from parvis_sdk.conditions import AtLeast, Is
from parvis_sdk.fields import Money, Number, ShortText
from parvis_sdk.forms import Form, Section
from parvis_sdk.requests import Phase
from parvis_sdk.supplements import Rule, Supplement
from parvis_sdk.testing.desk import Desk
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Transition

L = Text(fr="Ajouts", en="Additions")
VALUE = Rule(
    code="value",
    title=Text(fr="Valeur peu plausible", en="Unlikely value"),
    says=Text(fr="La valeur ne couvre pas 200 $ le m².", en="The value does not cover $200 a m²."),
    field="value",
    must=AtLeast(field="value", other="area", times=200_00),
)
PLAN = Rule(code="plan", title=L, says=Text(fr="Il manque le plan.", en="The plan is missing."), field="plan")
FORM = Form(
    sections=(
        Section(
            code="s",
            title=L,
            fields=(
                Number(code="area", label=L, required=False),
                Money(code="value", label=L, required=False),
                ShortText(code="plan", label=L, required=False),
            ),
        ),
    )
)
ASKING = Transition(
    code="ask_by_rule",
    title=L,
    sources=("received",),
    target="lacking",
    by=("system",),
    after=("supplement.list.lacking",),
    brings=("supplement.list.asked",),
)
GOING_ON = Transition(
    code="go_on",
    title=L,
    sources=("lacking",),
    target="received",
    by=("system", "agent"),
    after=("supplement.list.answered",),
)


def ruled(*rules: Rule, moves=(ASKING, GOING_ON), brings=("supplement.list.checked",)):
    """A type whose first state looks at these rules."""
    first, *rest = SAMPLE.workflow.states
    lacking = State(code="lacking", title=L, phase=Phase.WAITING_FOR_YOU)
    first = structs.replace(first, code="received", brings=brings)
    others = [
        structs.replace(
            each, sources=tuple("received" if code == SAMPLE.workflow.initial.code else code for code in each.sources)
        )
        for each in SAMPLE.workflow.transitions
    ]
    workflow = structs.replace(SAMPLE.workflow, states=(first, lacking, *rest), transitions=(*moves, *others))
    return structs.replace(SAMPLE, form=FORM, workflow=workflow, parts=(Supplement(code="list", title=L, rules=rules),))


async def asked_of(desk, **answers):
    place, nobody = {"lon": -73.5, "lat": 45.5}, {"mode": "anonymous"}
    return await desk.submit("sample", {"answers": answers, "place": place, "requester": nobody})


async def test_what_is_missing_or_not_plausible_is_asked_for_at_once_with_the_sentence_of_its_rule():
    desk = Desk(types=(ruled(VALUE, PLAN),))
    case = await asked_of(desk, area=50, value=5_000_00)
    assert case.state == "lacking"
    (told,) = [each.said["points"].fr for each in desk.events if getattr(each, "fact", "") == "supplement.list.asked"]
    assert told == "1. Ajouts\u00a0: La valeur ne couvre pas 200 $ le m².\n2. Ajouts\u00a0: Il manque le plan."


async def test_what_was_asked_once_is_never_asked_again():
    desk = Desk(types=(ruled(PLAN),))
    case = await asked_of(desk)
    assert case.state == "lacking"
    await desk.answer_supplement(case, words={"plan": "Je n’en ai pas."})
    assert case.state == "received"
    assert len(case.lists) == 1


async def test_nothing_is_asked_where_nothing_lacks_or_the_rule_is_not_for_it():
    rule = structs.replace(PLAN, when=Is(field="area", value=1))
    for answers in ({"area": 50, "value": 50_000_00}, {"area": 50}, {"value": 1}):
        case = await asked_of(Desk(types=(ruled(VALUE, rule),)), **answers)
        assert case.state == "received"


def mistakes(*rules, **more):
    return [str(each) for each in ruled(*rules, **more).mistakes()]


def test_a_rule_that_asks_for_nothing_is_told_to_its_author():
    assert not [each for each in mistakes(VALUE, PLAN) if "rule" in each]
    assert any("nothing looks at its rules" in each for each in mistakes(PLAN, brings=()))
    silent = structs.replace(ASKING, after=(), by=("agent",))
    assert any("nothing sends what its rules ask for" in each for each in mistakes(PLAN, moves=(silent, GOING_ON)))
    assert any(
        "'nothing' is nothing that is asked" in each for each in mistakes(structs.replace(PLAN, field="nothing"))
    )
    other = structs.replace(VALUE, field="plan")
    assert any("its `must` does not look at 'plan'" in each for each in mistakes(other))
    assert any("two reasons have this code" in each for each in mistakes(PLAN, PLAN))
    unlike = structs.replace(VALUE, must=AtLeast(field="value", other="area"))
    assert any("do not compare" in each for each in mistakes(unlike))
