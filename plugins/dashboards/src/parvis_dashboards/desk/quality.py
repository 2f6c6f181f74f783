"""Quality samples at the desk: drawn over days and a unit, each request looked at by a checklist, results by unit."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from parvis import clock, i18n
from parvis.i18n import gettext
from parvis.identifiers import new_id
from parvis.people.agents import as_id
from parvis.requests.offered import types_of
from parvis.web.desk.context import AtDesk, DeskContext, case_path, go, title_of, unit_name
from parvis.web.desk.lists.filtering import day_of
from parvis.web.desk.lists.period import FIGURES, PeriodFilter, chosen_days, period_of
from parvis.web.desk.one_request.forms import wrong
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed
from parvis_dashboards.desk.at_a_glance import announcements
from parvis_dashboards.quality_criteria import CRITERIA, Criterion
from parvis_dashboards.quality_samples import (
    ANSWERS,
    MOST,
    Answer,
    Item,
    Result,
    Sample,
    draw,
    items_of,
    keep_answers,
    new_seed,
    overlapping,
    results_by_unit,
    results_of,
    sample_in,
    samples_in,
    summed,
)
from parvis_sdk.fields import OneOf, Option
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.text import Text

QUALITY = f"{FIGURES}/qualite"
SHEET = f"{QUALITY}/{{id:uuid}}"
ITEM = f"{SHEET}/{{number:int}}"
A_YEAR = 366
USUAL = 20
OPTIONS = (
    Option(code="yes", label=Text(fr="Oui", en="Yes")),
    Option(code="no", label=Text(fr="Non", en="No")),
    Option(code="none", label=Text(fr="Sans objet", en="Does not apply")),
)


@get(QUALITY)
async def show_samples(room: AtDesk) -> Response[Any]:
    """What was drawn, the results of a year by unit, and the form of another draw."""
    room.demand("report")
    return await _list(room, chosen_days(room, A_YEAR))


@post(QUALITY)
async def draw_sample(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """Draw once, and show what was drawn."""
    room.demand("report")
    sent = await typed(request)
    chosen, wanted, id = _days_sent(sent, room), sent.number("combien"), as_id(sent.text("once"))
    refused = partial(_list, room, chosen, wanted=sent.text("combien"))
    if chosen.unit not in {code for code, _ in _units(room)} or id is None:
        return await refused(wrong("unite", gettext("Choose a unit.")))
    if not wanted or wanted > MOST:
        return await refused(wrong("combien", gettext("Enter a number from 1 to %(most)s.") % {"most": MOST}))
    sample = await _draw(room, chosen, wanted, id)
    if not sample.drawn:
        return await refused(wrong("depuis", gettext("This unit closed no requests in that period.")))
    return go(_path(sample))


@get(SHEET)
async def show_sample(room: AtDesk, request: AnyRequest, id: FromPath[UUID]) -> Response[Any]:
    """Its requests with what stands of each, and what was found by unit."""
    sample, items = await _found(room, id)
    codes = [each.code for each in sample.criteria]
    units = sorted({each.unit for each in items}, key=partial(unit_name, room.town))
    rows = [(unit_name(room.town, unit), [each for each in items if each.unit == unit]) for unit in units]
    return room.show(
        "dashboards/quality_sample.html",
        sample=sample,
        over=_over(room, sample.unit),
        day_words=i18n.format_date,
        items=items,
        total=summed("", items, codes),
        left=sample.drawn - len(items),
        others=await overlapping(room.scope("report"), sample),
        units=[(name, summed(name, own, codes), [summed(code, own, [code]) for code in codes]) for name, own in rows],
        of_item=lambda item: summed("", [item], codes),
        following=_following(items),
        path=_path(sample),
        done=request.query_params.get("fait", ""),
        title_of=partial(title_of, room),
        unit_name=partial(unit_name, room.town),
    )


@get(ITEM)
async def show_item(room: AtDesk, id: FromPath[UUID], number: FromPath[int]) -> Response[Any]:
    """One request beside the checklist."""
    sample, items = await _found(room, id)
    item = _numbered(items, number)
    return _checklist(room, sample, item, item.answers)


@post(ITEM)
async def keep_item(room: AtDesk, request: AnyRequest, id: FromPath[UUID], number: FromPath[int]) -> Response[Any]:
    """Keep the answers and go to the next request; nobody overwrites unseen what somebody else has kept."""
    sample, items = await _found(room, id)
    item, sent = _numbered(items, number), await typed(request)
    answers = _answers_sent(sent, sample)
    missing = [_unanswered(n, each) for n, each in _lines(sample) if each.code not in answers]
    if missing:
        return _checklist(room, sample, item, answers, Problems(found=tuple(missing)))
    if sent.version != item.version or not await keep_answers(room.host.engine, sample, item, answers):
        words = gettext(
            "Somebody else has answered in the meantime. Their answers are shown below. Change them if needed."
        )
        _, items = await _found(room, id)
        item = _numbered(items, number)
        return _checklist(room, sample, item, item.answers, wrong("", words))
    following = _following([each for each in items if each.number != number], number)
    return go(f"{_path(sample)}/{following}" if following else f"{_path(sample)}?fait=complet")


async def _draw(room: DeskContext, chosen: PeriodFilter, wanted: int, id: UUID) -> Sample:
    """Over what the person counts of the unit; what the town tells of its own is left out."""
    scope = room.scope("report")
    over = scope.narrowed(room.town.units_under(chosen.unit)) if chosen.unit else scope
    sample = Sample(
        id=id,
        unit=chosen.unit,
        since=chosen.since,
        until=chosen.until,
        seed=new_seed(),
        wanted=wanted,
        among=0,
        drawn=0,
        drawn_by=room.person.name,
        drawn_at=clock.now(),
        criteria=CRITERIA.of(room.town),
    )
    besides = announcements(types_of(room.host, room.town))
    return await draw(room.host.engine, over, sample, period_of(room, chosen), besides)


async def _list(
    room: DeskContext, chosen: PeriodFilter, problems: Problems | None = None, wanted: str = str(USUAL)
) -> Response[Any]:
    scope = room.scope("report")
    samples = await samples_in(scope)
    results = await results_of(scope, samples)
    by_unit = [(unit_name(room.town, each.code), each) for each in await results_by_unit(scope)]
    return room.show(
        "dashboards/quality.html",
        status=422 if problems else 200,
        problems=problems,
        chosen=chosen,
        units=_units(room),
        wanted=wanted,
        most=MOST,
        once=new_id(),
        criteria=CRITERIA.of(room.town),
        day_words=i18n.format_date,
        by_unit=by_unit,
        samples=[
            (each, _path(each), _over(room, each.unit), results.get(str(each.id), Result(code=""))) for each in samples
        ],
        path=QUALITY,
    )


def _checklist(
    room: DeskContext, sample: Sample, item: Item, answers: Mapping[str, Answer], problems: Problems | None = None
) -> Response[Any]:
    return room.show(
        "dashboards/quality_item.html",
        status=422 if problems else 200,
        problems=problems,
        sample=sample,
        item=item,
        values={_field(n): answers.get(each.code) for n, each in _lines(sample)},
        fields=[OneOf(code=_field(n), label=each.title, options=OPTIONS) for n, each in _lines(sample)],
        offered=[(each.code, i18n.say(each.label), "") for each in OPTIONS],
        title=title_of(room, item.type),
        unit=unit_name(room.town, item.unit),
        case=case_path(item.reference),
        back=_path(sample),
        path=f"{_path(sample)}/{item.number}",
    )


async def _found(room: DeskContext, id: UUID) -> tuple[Sample, tuple[Item, ...]]:
    """A sample that the person may see, with the requests of it that they count."""
    room.demand("report")
    scope = room.scope("report")
    sample = await sample_in(scope, id)
    if sample is None:
        raise NotFoundException("There is no such sample.")
    return sample, await items_of(scope, sample)


def _numbered(items: tuple[Item, ...], number: int) -> Item:
    for each in items:
        if each.number == number:
            return each
    raise NotFoundException("There is no such request in the sample.")


def _following(items: tuple[Item, ...] | list[Item], after: int = 0) -> int:
    """The number of the next request that nobody has looked at, beginning again at the first; 0 where there is none."""
    left = [each.number for each in items if each.looked_at is None]
    return next((each for each in left if each > after), left[0] if left else 0)


def _days_sent(sent: FormInput, room: DeskContext) -> PeriodFilter:
    """What the form says; days the wrong way round are turned, more than a year of them cut."""
    usual = chosen_days(room, A_YEAR)
    days = (day_of(sent.text("depuis")) or usual.since, day_of(sent.text("jusqua")) or usual.until)
    until = max(days)
    return PeriodFilter(since=max(min(days), until - timedelta(days=A_YEAR)), until=until, unit=sent.text("unite"))


def _units(room: DeskContext) -> list[tuple[str, str]]:
    everything = [("", gettext("All units"))] if room.scope("report").units is None else []
    return [*everything, *room.units_for("report")]


def _over(room: DeskContext, unit: str) -> str:
    return unit_name(room.town, unit) if unit else gettext("All units")


def _lines(sample: Sample) -> list[tuple[int, Criterion]]:
    return list(enumerate(sample.criteria, start=1))


def _answers_sent(sent: FormInput, sample: Sample) -> dict[str, Answer]:
    """By the code of each criterion; what was not answered is left out."""
    given = ((each.code, sent.text(_field(n))) for n, each in _lines(sample))
    return {code: answer for code, value in given for answer in ANSWERS if value == answer}


def _unanswered(number: int, criterion: Criterion) -> Problem:
    words = gettext("Choose an answer: %(criterion)s") % {"criterion": i18n.say(criterion.title)}
    return wrong(_field(number), words).found[0]


def _field(number: int) -> str:
    return f"c{number}"


def _path(sample: Sample) -> str:
    return f"{QUALITY}/{sample.id}"


LINK = PageLink(
    slot="desk.figures",
    path=QUALITY,
    guide="docs/figures#quality-samples",
    text=lambda: gettext("Quality samples"),
    right="report",
    icon="check",
)
