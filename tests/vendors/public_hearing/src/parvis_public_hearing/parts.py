"""A public hearing as a part of a request: it is called, reminded of, and held; a move may wait for that."""

from functools import partial
from uuid import UUID

from parvis.jurisdictions import Jurisdictions
from parvis.requests.parts.part_kinds import (
    ArchivedEntry,
    DateColumn,
    EffectContext,
    Effects,
    PartArchive,
    PartKind,
    about,
)
from parvis.requests.records import Record
from parvis.requests.visibility import Viewer
from parvis_public_hearing.hearings import forget_invited, hearing_of, hearings_of, write
from parvis_public_hearing.tables import Hearing
from parvis_sdk.parts import Fact, Part
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

NAMES = ("day", "hall")
NOT_CALLED = Text(fr="L’audience n’a pas été convoquée.", en="The hearing was not called.")
NOT_YET = Text(fr="L’audience n’a pas encore commencé.", en="The hearing has not begun yet.")


class PublicHearing(Part, frozen=True, kw_only=True, omit_defaults=True, tag="public_hearing"):
    """People are heard before a decision; the requester is told so many days before."""

    FACTS = {
        "called": Fact(
            title=Text(fr="{title}\u00a0: convoquée", en="{title}: called"),
            subject=Text(fr="{title}\u00a0: {day}", en="{title}: {day}"),
            body=Text(
                fr="Une audience publique se tient le {day}. Lieu\u00a0: {hall}. Toute personne peut y parler.",
                en="A public hearing is held on {day}. Place: {hall}. Anybody may speak there.",
            ),
            names=NAMES,
        ),
        "reminded": Fact(
            title=Text(fr="{title}\u00a0: rappelée", en="{title}: reminded"),
            subject=Text(fr="Rappel, {title}\u00a0: {day}", en="Reminder, {title}: {day}"),
            body=Text(
                fr="L’audience publique approche\u00a0: le {day}. Lieu\u00a0: {hall}.",
                en="The public hearing is near: {day}. Place: {hall}.",
            ),
            names=NAMES,
        ),
        "held": Fact(title=Text(fr="{title}\u00a0: tenue", en="{title}: held"), brought=True),
    }
    remind: int = 3


async def _bring(bringing: EffectContext, part: PublicHearing, word: str) -> Effects | Denied:
    here = bringing.here
    hearing = await hearing_of(here.record.id, part.code)
    if hearing is None:
        return Denied(code="not_possible", reason=NOT_CALLED)
    if hearing.starts_at > here.at:
        return Denied(code="not_possible", reason=NOT_YET)
    held = {Hearing.state: "held", Hearing.remind_at: None, Hearing.changed_at: here.at}
    return Effects(writes=(partial(write, hearing.id, held),), facts=about(part, word))


async def _standing(record: Record, request_type: RequestType) -> frozenset[str]:
    found = [(part, await hearing_of(record.id, part.code)) for part in request_type.of(PublicHearing)]
    return frozenset(part.fact(hearing.state) for part, hearing in found if hearing is not None)


async def _archived(
    viewer: Viewer, record: Record, request_type: RequestType, jurisdictions: Jurisdictions
) -> tuple[ArchivedEntry, ...]:
    """Each hearing with its day and its place; who was invited is told beside (`personal`)."""
    titles = {part.code: part.title for part in request_type.of(PublicHearing)}
    return tuple(
        ArchivedEntry(
            data={"title": titles[each.code], "state": each.state, "starts_at": each.starts_at, "place": each.place},
            title=PublicHearing.FACTS[each.state].title.format(title=titles[each.code]),
            at=each.starts_at,
            words=each.place,
        )
        for each in await hearings_of(record.id)
        if each.code in titles
    )


async def _forget(request: UUID) -> None:
    await forget_invited(request)


PART_KINDS = (
    PartKind(
        noun=PublicHearing,
        title=Text(fr="Audiences publiques", en="Public hearings"),
        bring=_bring,
        standing=_standing,
        forget=_forget,
        dates=(DateColumn(Hearing, "remind_at", "d.state = 'called'"),),
        rows=Hearing,
        archive=PartArchive(name="public_hearings", of=_archived),
    ),
)
