"""Other requests at the pretend desk: found within the scope, corrected by the form, proposed and decided."""

from datetime import timedelta

import pytest
from msgspec import structs

from parvis_sdk.events import Amended, Submitted
from parvis_sdk.fields import PERSONAL, SENSITIVE, OneOf, Option, ShortText
from parvis_sdk.finding import FARTHEST, MOST, MOST_CALLS, FindsNothing, OutsideScope, Scope
from parvis_sdk.proposals import Correction, Proposal, correction_mistakes
from parvis_sdk.scope_mistakes import scope_mistakes
from parvis_sdk.starter_kit import form
from parvis_sdk.subscriptions import Outcome, on
from parvis_sdk.supplements import Supplement
from parvis_sdk.testing import Desk
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied


def said(words: str) -> Text:
    return Text(fr=words, en=words)


RED, BLUE = (Option(code=each, label=said(each)) for each in ("red", "blue"))
THING = structs.replace(
    SAMPLE,
    form=form(
        OneOf(code="colour", label=said("Couleur"), options=(RED, BLUE)),
        ShortText(code="serial", label=said("Série"), required=False, max_length=10, privacy=PERSONAL),
        ShortText(code="health", label=said("Santé"), required=False, privacy=SENSITIVE),
    ),
)
WHY = said("Même couleur")
SCOPE = Scope(types=("sample",), answers=("colour",), place=True, moves=("close",))
HERE = {"lon": -73.58, "lat": 45.52}


def raw(colour="red", place=HERE, **answers):
    return {
        "answers": {"colour": colour, **answers},
        "place": place,
        "requester": {"mode": "named", "name": "Zoé", "email": "zoe@exemple.ca"},
    }


def desk_with(handler, scope=SCOPE, corrects=(), **given):
    finds = (scope,) if scope else ()
    match = on(Submitted, finds=finds, corrects=corrects, needs=("personal",), name="match")(handler)
    return Desk(types=[THING], subscriptions=[match], **given)


async def found_by(asked, others, scope=SCOPE, **given):
    """What is found at the desk among other requests, when one more comes in."""
    came = []

    async def look(event, request, finder):
        came.append(await finder.find(**asked(request)))

    desk = desk_with(look, scope, **given)
    for each in others:
        await desk.submit("sample", each)
    await desk.submit("sample", raw())
    return came[-1]


async def test_what_is_found_holds_what_the_scope_says_and_nothing_more():
    (one,) = await found_by(lambda request: {}, [raw(serial="AB", health="x")])
    assert (one.reference, one.type, one.state, one.phase) == ("TEST-0001", "sample", "received", "received")
    assert one.answers == {"colour": "red"}
    assert (one.place.lon, one.place.lat) == (HERE["lon"], HERE["lat"])


async def test_a_personal_answer_is_told_under_its_need_and_a_place_only_where_it_is_declared():
    scope = Scope(types=("sample",), answers=("serial", "health"), needs=("personal",))
    (one,) = await found_by(lambda request: {"answers": {"serial": " ab "}}, [raw(serial="AB", health="x")], scope)
    assert one.answers == {"serial": "AB"}
    assert one.place is None


async def test_a_search_goes_by_place_day_and_answers_the_newest_first():
    far = {"lon": -73.68, "lat": 45.52}
    others = [raw(), raw("blue"), raw(place=far), raw()]
    near = await found_by(
        lambda request: {
            "type": "sample",
            "near": (request.place, 500),
            "since": request.submitted_at - timedelta(days=1),
            "answers": {"colour": ("red", "green")},
        },
        others,
    )
    assert {each.reference for each in near} == {"TEST-0001", "TEST-0004"}
    assert await found_by(lambda request: {"near": (None, 500)}, others) == ()
    assert await found_by(lambda request: {"since": request.submitted_at + timedelta(days=1)}, others) == ()
    assert len(await found_by(lambda request: {}, [raw()] * (MOST + 3))) == MOST


async def test_nothing_is_found_where_nothing_is_granted():
    assert await found_by(lambda request: {}, [raw()], not_granted=["match"]) == ()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"type": "other"}, "type='other' is in no scope"),
        ({"answers": {"serial": "x"}}, "the answer 'serial' is not in the scope"),
        ({"near": (None, FARTHEST + 1)}, "beyond the limits"),
    ],
)
async def test_what_is_not_declared_is_the_authors_mistake(asked, words):
    with pytest.raises(OutsideScope, match=words):
        await FindsNothing((SCOPE,)).find(**asked)
    with pytest.raises(OutsideScope, match="has no place"):
        await FindsNothing((Scope(types=("sample",)),)).find(near=(None, 5))


async def test_a_handler_searches_so_often_and_no_more():
    finder = FindsNothing((SCOPE,))
    for _ in range(MOST_CALLS):
        await finder.find()
    with pytest.raises(OutsideScope, match="more than"):
        await finder.find()


async def test_a_proposal_waits_until_it_is_accepted_and_is_there_once():
    async def match(event, request, finder):
        found = await finder.find()
        both = tuple(Proposal(to=each.reference, reason=WHY, tie=True, move="close") for each in found)
        return Outcome(proposals=(*both, *both))

    desk = desk_with(match)
    first, second = await desk.submit("sample", raw()), await desk.submit("sample", raw())
    (proposed,) = desk.proposed
    assert (first.state, proposed.of, proposed.state) == ("received", second.reference, "waiting")
    await desk.accept(proposed)
    assert (first.state, proposed.state) == ("closed", "accepted")
    assert desk.ties == {frozenset((first.reference, second.reference))}


async def test_one_that_cannot_be_done_waits_on_and_one_that_is_declined_does_nothing():
    async def match(event, request, finder):
        return Outcome(
            proposals=tuple(Proposal(to=each.reference, reason=WHY, move="close") for each in await finder.find())
        )

    desk = desk_with(match)
    first = await desk.submit("sample", raw())
    await desk.submit("sample", raw())
    await desk.move(first, "close")
    assert isinstance(await desk.accept(desk.proposed[0]), Denied)
    assert desk.proposed[0].state == "waiting"
    await desk.decline(desk.proposed[0])
    assert desk.proposed[0].state == "declined"


async def test_a_step_that_is_prepared_on_a_page_of_its_own_is_made_there_as_in_the_host():
    async def match(event, request, finder):
        return Outcome(
            proposals=tuple(Proposal(to=each.reference, reason=WHY, move="close") for each in await finder.find())
        )

    steps = THING.workflow.transitions
    asking = tuple(
        structs.replace(one, brings=("supplement.list.asked",)) if one.code == "close" else one for one in steps
    )
    listed = structs.replace(
        THING,
        workflow=structs.replace(THING.workflow, transitions=asking),
        parts=(Supplement(code="list", title=said("Compléments")),),
    )
    desk = Desk(types=[listed], subscriptions=[on(Submitted, finds=(SCOPE,), name="match")(match)])
    first = await desk.submit("sample", raw())
    await desk.submit("sample", raw())
    refused = await desk.accept(desk.proposed[0])
    assert isinstance(refused, Denied)
    assert "on a page of its own" in refused.reason.en
    assert (first.state, desk.proposed[0].state) == ("received", "waiting")


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ({"move": "open"}, "the step open is not in the scope of sample"),
        ({}, "it proposes neither a tie, a step nor a message"),
        ({"tie": True, "reason": said("")}, "it says no reason"),
        ({"tie": True, "to": "TEST-0002"}, "it is made to its own request"),
        ({"tie": True, "to": "TEST-0009"}, "no declared scope holds the type "),
    ],
)
async def test_a_proposal_out_of_scope_is_noted_and_not_kept(what, why):
    async def match(event, request, finder):
        found = await finder.find()
        return Outcome(proposals=tuple(Proposal(**{"to": one.reference, "reason": WHY, **what}) for one in found))

    desk = desk_with(match)
    await desk.submit("sample", raw())
    second = await desk.submit("sample", raw())
    assert desk.proposed == []
    assert [each.en for each in second.notes] == [why]


async def test_a_correction_is_read_by_the_form_and_heard_of_once():
    async def correct(event, request):
        return Outcome(correct=Correction(answers={"serial": " AB-12 "}, reason=said("Lu sur la photo")))

    desk = desk_with(correct, None, ("serial",))
    case = await desk.submit("sample", raw())
    assert case.submission.answers["serial"] == "AB-12"
    assert [each.fr for each in case.notes] == ["Lu sur la photo"]
    assert [each.changed for each in desk.events if isinstance(each, Amended)] == [("answers",)]


@pytest.mark.parametrize("answers", [{"colour": "blue"}, {"serial": "x" * 11}, {}])
async def test_a_correction_that_is_not_declared_or_not_an_answer_changes_nothing(answers):
    async def correct(event, request):
        return Outcome(correct=Correction(answers=answers, reason=said("Lu")))

    desk = desk_with(correct, None, ("serial",))
    case = await desk.submit("sample", raw())
    assert case.submission.answers == {"colour": "red"}
    assert len(case.notes) == 1


async def test_nothing_is_corrected_where_nothing_is_granted():
    async def correct(event, request):
        return Outcome(correct=Correction(answers={"serial": "A"}, reason=said("Lu")))

    desk = desk_with(correct, None, ("serial",), not_granted=["match"])
    case = await desk.submit("sample", raw())
    assert case.submission.answers == {"colour": "red"}
    assert case.notes[0].en == "nothing of what this plugin corrects or proposes is granted here"


@pytest.mark.parametrize(
    ("code", "needs", "why"),
    [
        ("health", ("personal",), "the answer 'health' is sensitive"),
        ("serial", (), "the answer 'serial' is personal"),
        ("serial", ("personal",), ""),
    ],
)
def test_what_is_sensitive_is_never_corrected_and_what_is_personal_by_its_need(code, needs, why):
    wrong = correction_mistakes(Correction(answers={code: ""}, reason=WHY), (code,), THING, needs=needs)
    said_why = [each.en for each in wrong]
    assert (why in said_why[0]) if why else said_why == []


@pytest.mark.parametrize(
    ("finds", "corrects", "what"),
    [
        ((Scope(types=("sampel",)),), (), "its scope names the type 'sampel', which nobody declares"),
        ((Scope(types=()),), (), "a scope names no type"),
        ((Scope(types="sample"),), (), "types is no tuple of codes"),
        (("sample",), (), "finds holds 'sample', which is no Scope"),
        ((SCOPE, SCOPE), (), "the type 'sample' is in two scopes"),
        ((Scope(types=("sample",), answers=("size",)),), (), "its scope names the answer 'size'"),
        ((Scope(types=("sample",), answers=("serial",)),), (), "the personal answer 'serial' without the need"),
        ((Scope(types=("sample",), answers=("health",)),), (), "its scope names the sensitive answer 'health'"),
        ((Scope(types=("sample",), needs=("contact",)),), (), "its scope needs 'contact', which is unknown"),
        ((Scope(types=("sample",), moves=("opne",)),), (), "its scope names the step 'opne'"),
        ((), ("size",), "corrects names 'size'"),
        ((), ("serial",), "corrects names the personal answer 'serial' without the need"),
        ((), ("health",), "corrects names the sensitive answer 'health'"),
    ],
)
def test_each_mistake_of_a_scope_is_told_by_its_sentence(finds, corrects, what):
    async def handler(event, request, finder):
        return None

    subscription = on(Submitted, finds=finds, corrects=corrects)(handler)
    (mistake,) = scope_mistakes(subscription, {"sample": THING})
    assert what in str(mistake)
    assert "subscription 'handler'" in mistake.where
