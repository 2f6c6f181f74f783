"""What a move needs by the answers, by its own, and by what overlaps it, at the pretend desk."""

from msgspec import structs

from parvis_sdk.conditions import AtLeast, Is
from parvis_sdk.fields import Date, Number, YesNo
from parvis_sdk.forms import Form, Section
from parvis_sdk.overlaps import OVERLAP_AREA, OVERLAPS, Overlap
from parvis_sdk.request_types import PlaceRule
from parvis_sdk.testing.desk import Desk
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.text import Text
from parvis_sdk.validity import Validity
from parvis_sdk.workflow import Denied, Need, Transition

L = Text(fr="Terrasse", en="Terrace")
TAKEN = Text(fr="Quelqu’un d’autre veut cet endroit.", en="Somebody else wants this ground.")


def form(*fields):
    return Form(sections=(Section(code="s", title=L, fields=fields),))


FORM = form(
    Number(code="size", label=L),
    Date(code="first", label=L, required=False),
    Date(code="last", label=L, required=False),
)


def needing(*needs: Need, **more):
    """A type with a move that needs so."""
    first = SAMPLE.workflow.initial.code
    go = Transition(
        code="go",
        title=L,
        sources=(first,),
        target=first,
        asks=form(YesNo(code="sure", label=L, required=False)),
        needs_when=needs,
    )
    workflow = structs.replace(SAMPLE.workflow, transitions=(go, *SAMPLE.workflow.transitions))
    asked = {"form": FORM, "workflow": workflow, "parts": (Validity(code="permit", title=L, until="last"),)}
    return structs.replace(SAMPLE, **asked | more)


def need(when, fact="validity.permit.valid", says=None):
    return Need(fact=fact, when=when, says=says)


async def asked_of(desk, **answers):
    place, nobody = {"lon": -73.5, "lat": 45.5}, {"mode": "anonymous"}
    return await desk.submit("sample", {"answers": {"size": 5} | answers, "place": place, "requester": nobody})


async def test_a_move_needs_by_the_answers_of_the_form_and_by_its_own():
    desk = Desk(types=(needing(need(AtLeast(field="size", value=10)), need(Is(field="sure", value=True))),))
    small, large = await asked_of(desk), await asked_of(desk, size=10)
    assert ("go" in desk.moves(small), "go" in desk.moves(large)) == (True, False)
    assert isinstance(await desk.move(small, "go", {"sure": True}), Denied)
    assert not isinstance(await desk.move(small, "go", {"sure": False}), Denied)
    assert isinstance(await desk.move(large, "go"), Denied)


async def test_a_move_needs_by_what_overlaps_it():
    overlapping = {"overlaps": Overlap(first="first", last="last"), "place": PlaceRule(shapes=("polygon", "point"))}
    wanted = needing(need(AtLeast(field=OVERLAP_AREA, value=100), says=TAKEN), **overlapping)
    assert not [str(each) for each in wanted.mistakes() if "needs_when" in str(each)]
    desk = Desk(types=(wanted,))
    case = await asked_of(desk)
    assert "go" in desk.moves(case)
    desk.overlap(case, 1, square_metres=120)
    assert "go" not in desk.moves(case)
    assert (await desk.move(case, "go")).reason.en.endswith("Somebody else wants this ground.")


def test_a_need_of_nothing_is_told_to_its_author():
    def told(*needs):
        return [str(each) for each in needing(*needs).mistakes() if "needs_when" in str(each)]

    (unknown,) = told(need(Is(field="sure", value=True), fact="validity.permits.valid"))
    assert "'validity.permits.valid' is nothing that can happen here" in unknown
    (unasked,) = told(need(AtLeast(field="height", value=1)))
    assert "the condition looks at 'height', which is not asked before it" in unasked
    (alone,) = told(need(AtLeast(field=OVERLAPS, value=1)))
    assert "looks at '@overlaps'" in alone
    (silent,) = told(need(Is(field="sure", value=True), says=Text(fr=" ")))
    assert "the French text is empty" in silent
