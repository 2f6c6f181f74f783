"""The story of a request, told line by line in one language to one viewer."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct, structs

from parvis.jurisdictions import Jurisdiction, Jurisdictions
from parvis.requests.actors import PARTY, Actor
from parvis.requests.attached.attachments import StoredFile, kept_of
from parvis.requests.contacts import method_known
from parvis.requests.declarations import declaration, type_of_record
from parvis.requests.entry_words import EntryWords, entry_words
from parvis.requests.former_modules import FormerModules
from parvis.requests.history import Entry, entries_of, files_named
from parvis.requests.host import Host
from parvis.requests.public_words import is_free
from parvis.requests.records import Record
from parvis.requests.timeline_titles import (
    BY_RULE,
    INSTEAD,
    NOT_DELIVERED,
    TITLES,
    UNREADABLE,
    UNSAID_WORDS,
)
from parvis.requests.visibility import (
    CORRESPONDENCE,
    ShownAnswer,
    Viewer,
    is_of_viewer,
    may,
    reads_persons,
    sees_answer,
    sees_audience,
    sees_kind,
)
from parvis_sdk.contact_methods import EMAIL
from parvis_sdk.fields import AnyField, Sensitivity
from parvis_sdk.forms import Form
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Attachment, Phase
from parvis_sdk.standing_answers import those
from parvis_sdk.text import Text

Why = Literal["", "answered", "reopened", "retyped", "town"]
"""Why a promised date has moved: the requester answered, the request was opened again or is of another type, or the
town says so."""


class StoryLine(Struct, frozen=True, kw_only=True):
    """One thing that happened, as the viewer may read it. With it the promised date may have moved, and why.

    `answers` are what was given with a step or an occurrence; `who` is empty for the public and for residents, to whom
    the town speaks with one voice. `folded` is what a mail quoted, and what its program wrote below it.
    """

    number: int
    at: datetime
    kind: str
    title: str
    words: str = ""
    folded: str = ""
    who: str = ""
    by_requester: bool = False
    audience: str = "requester"
    answers: tuple[ShownAnswer, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    promised_at: datetime | None = None
    promised_before: datetime | None = None
    why_promised: Why = ""
    details: dict[str, Any] = {}


HANDED_OVER = ("submitted", "moved", "happened")
"""What a file tells of its past to whom it was handed over to, without a word of anybody's."""
OF_CONFLICTS = ("kept_away", "let_back")
MAY_CALL = Text(fr="On peut m’appeler à ce sujet.", en="You may call me about it.")
PUBLIC_OR_INTERNAL = (Sensitivity.PUBLIC, Sensitivity.INTERNAL)
DESPITE = Text(
    fr="Déposée malgré cette réponse\u00a0: «\u00a0{said}\u00a0»", en="Filed in spite of this answer: “{said}”"
)


async def story(
    host: Host,
    record: Record,
    viewer: Viewer,
    language: str,
    files: tuple[StoredFile, ...] | None = None,
    entries: tuple[Entry, ...] | None = None,
) -> tuple[StoryLine, ...]:
    """What happened, oldest first, as this viewer may know it; `files` of the request and `entries` of its history,
    where they are known already."""
    files = await kept_of(record) if files is None else files
    entries = await entries_of(record) if entries is None else entries
    request_types = await request_types_at(host, record, entries)
    spoken = (*entry_words(host.modules.registry), *(plan.words for plan in host.of(FormerModules).plans))
    along = {n: said for words in spoken if words.read for n, said in (await words.read(host, viewer, entries)).items()}
    return tuple(
        _line(
            host, record, request_types[entry.number], entry, viewer, language, files, spoken, along.get(entry.number)
        )
        for entry in entries
        if sees_audience(viewer, entry.audience, _as_seen(viewer, record, entry), host.jurisdictions)
        and _concerns(viewer, entry, record, host.jurisdictions)
        and (is_of_viewer(viewer, record, entry.at) or entry.kind in HANDED_OVER)
        # What happened while it was a private matter stays one, although it has become a public one since.
        and (viewer.kind != "public" or entry.number == 1 or request_types[entry.number].visibility.public)
    )


def _concerns(viewer: Viewer, entry: Entry, record: Record, jurisdictions: Jurisdictions) -> bool:
    """Whether the line is for the viewer, or their own doing."""
    return _is_own(viewer, entry) or sees_kind(viewer, entry.kind, record, jurisdictions)


def _is_own(viewer: Viewer, entry: Entry) -> bool:
    return viewer.kind in ("agent", "token") and entry.actor.id == viewer.id


def _is_told_why(viewer: Viewer, entry: Entry, record: Record, jurisdictions: Jurisdictions) -> bool:
    """Whether the viewer reads the reason: of a conflict of interest only the person in charge of privacy does."""
    return entry.kind not in OF_CONFLICTS or _is_own(viewer, entry) or may(viewer, "privacy", record, jurisdictions)


def _as_seen(viewer: Viewer, record: Record, entry: Entry) -> Record:
    """The request as it is to whom the entry is about: what they told since they hold it is theirs to see."""
    return structs.replace(record, holder_since=None) if is_of_viewer(viewer, record, entry.at) else record


async def request_types_at(host: Host, record: Record, entries: tuple[Entry, ...]) -> dict[int, RequestType]:
    """The declaration under which each entry was written, by its number: another one before the type was corrected."""
    request_type, request_types = await type_of_record(host, record), dict[int, RequestType]()
    for entry in reversed(entries):
        request_types[entry.number] = request_type
        if before := entry.body.get("declaration_before"):
            request_type = await declaration(host, before)
    return request_types


def _line(
    host: Host,
    record: Record,
    request_type: RequestType,
    entry: Entry,
    viewer: Viewer,
    language: str,
    files: tuple[StoredFile, ...],
    spoken: tuple[EntryWords, ...],
    along: Text | None,
) -> StoryLine:
    personal = entry.personal or {}
    given = personal.get("given", {})
    form = _form_of(request_type, entry)
    theirs = is_of_viewer(viewer, record, entry.at)
    record = _as_seen(viewer, record, entry)
    public = viewer.kind == "public" or not theirs
    named = {*files_named(entry), *_files_in(given)}
    told_why = _is_told_why(viewer, entry, record, host.jurisdictions)
    promised, before = entry.body.get("promised_at"), entry.body.get("promised_before")
    return StoryLine(
        number=entry.number,
        at=entry.at,
        kind=entry.kind,
        title=_title(host, record, request_type, entry, viewer, spoken).to(language),
        words=_told(request_type, entry, personal, viewer, language, spoken, along) if not public and told_why else "",
        folded="" if public else str(personal.get("folded", "")),
        who=entry.actor.name if viewer.is_staff or (_is_party(entry) and not is_by(viewer, entry.actor)) else "",
        by_requester=theirs
        and entry.kind not in OF_FOLLOWERS
        and (entry.actor.kind == "requester" if viewer.kind != "holder" else is_by(viewer, entry.actor)),
        audience=entry.audience,
        answers=_shown(host, record, form, entry, viewer) if form and theirs else (),
        attachments=tuple(
            each.attachment
            for each in files
            if theirs
            and each.attachment.id in named
            and sees_audience(viewer, each.audience, record, host.jurisdictions)
        ),
        promised_at=msgspec.convert(promised, datetime) if promised else None,
        promised_before=msgspec.convert(before, datetime) if before else None,
        why_promised=_why(request_type, entry) if promised else "",
        details=entry.body if viewer.is_staff else {},
    )


OF_FOLLOWERS = ("followed", "not_fixed_too")
"""What those do who follow a request, and not its requester."""


def _is_party(entry: Entry) -> bool:
    return entry.actor.id.startswith(PARTY)


def is_by(viewer: Viewer, actor: Actor) -> bool:
    """Whether a holder did it themselves: the requester, or the party that looks."""
    if actor.kind != "requester":
        return False
    return actor.id == f"{PARTY}{viewer.id}" if viewer.role else not actor.id.startswith(PARTY)


async def files_unseen(record: Record, viewer: Viewer, jurisdictions: Jurisdictions) -> frozenset[str]:
    """The files of lines that are not for this viewer, even if others may have them."""
    is_told_all = reads_persons(viewer, record, jurisdictions) if viewer.is_staff else not viewer.role
    if is_told_all and (viewer.kind != "holder" or record.holder_since is None):
        return frozenset()
    hidden = [
        entry
        for entry in await entries_of(record)
        if not _concerns(viewer, entry, record, jurisdictions)
        or (entry.kind in CORRESPONDENCE and not is_of_viewer(viewer, record, entry.at))
    ]
    return frozenset(id for entry in hidden for id in (*files_named(entry), *_files_in_entry(entry)))


async def files_reaching(
    viewer: Viewer, record: Record, jurisdictions: Jurisdictions, files: tuple[StoredFile, ...] | None = None
) -> tuple[StoredFile, ...]:
    """The files of a request that may reach the viewer; `files` are all of it, where they are known already."""
    unseen = await files_unseen(record, viewer, jurisdictions)
    return tuple(
        each
        for each in (await kept_of(record) if files is None else files)
        if sees_audience(viewer, each.audience, record, jurisdictions) and each.attachment.id not in unseen
    )


def _files_in_entry(entry: Entry) -> Iterator[str]:
    return _files_in((entry.personal or {}).get("given", {}))


def _why(request_type: RequestType, entry: Entry) -> Why:
    if entry.kind in ("promised", "resumed"):
        return "town"
    if entry.kind == "amended":
        return "retyped"
    states = {state.code: state for state in request_type.workflow.states}
    source = states.get(entry.body.get("source", ""))
    if source is None or source.phase in (Phase.RECEIVED, Phase.IN_PROGRESS):
        return ""
    return "answered" if source.phase is Phase.WAITING_FOR_YOU else "reopened"


def _title(
    host: Host, record: Record, request_type: RequestType, entry: Entry, viewer: Viewer, spoken: tuple[EntryWords, ...]
) -> Text:
    if "target" in entry.body and entry.kind == "moved":
        return _moved_title(request_type, entry, viewer)
    if entry.kind == "happened":
        return _happened_title(request_type, entry)
    if entry.kind == "party":
        return _party_title(request_type, entry)
    town = host.jurisdictions.get(record.jurisdiction)
    for words in spoken:
        if made := words.made.get(entry.kind):
            return made(request_type, town, entry)
        if entry.kind in words.titles:
            is_yours = viewer.kind == "holder" and is_by(viewer, entry.actor) and entry.kind in words.yours
            title = (words.yours if is_yours else words.titles)[entry.kind]
            own = words.values(entry) if words.values else {}
            return title.format(**{**_values(host, town, entry), **own})
    return Text(fr=entry.kind)


def _values(host: Host, town: Jurisdiction | None, entry: Entry) -> Mapping[str, Text | str]:
    """What fills the braces of any title."""
    unit = town.unit(entry.body.get("unit", "")) if town else None
    lost, way, then = (method_known(host, entry.body.get(part, "")) for part in ("channel", "way", "then"))
    return {
        "unit": unit.name if unit else entry.body.get("unit", ""),
        "plugin": entry.body.get("plugin", ""),
        "what": lost.lost if lost else NOT_DELIVERED if "channel" in entry.body else EMAIL.lost,
        "way": way.by if way else "",
        "then": INSTEAD.format(instead=then.instead) if then and then.instead.fr else "",
    }


def _party_title(request_type: RequestType, entry: Entry) -> Text:
    role, name = request_type.party(entry.body["role"]), str((entry.personal or {}).get("name", ""))
    title = role.title if role else Text(fr=entry.body["role"])
    return TITLES["ended" if entry.body["did"] == "ended" else "party"].format(role=title, name=name)


def _happened_title(request_type: RequestType, entry: Entry) -> Text:
    known = request_type.facts()
    titles = [known[fact].title if fact in known else Text(fr=fact) for fact in entry.body["facts"]]
    return Text(fr=", ".join(each.to("fr") for each in titles), en=", ".join(each.to("en") for each in titles))


def _moved_title(request_type: RequestType, entry: Entry, viewer: Viewer) -> Text:
    transition = request_type.workflow.transition(entry.body["transition"])
    states = {state.code: state for state in request_type.workflow.states}
    target = states.get(entry.body["target"])
    if viewer.is_staff:
        return transition.title if transition else Text(fr=entry.body["transition"])
    if transition is not None and viewer.kind == "holder" and entry.actor.kind == "requester":
        return transition.title
    if target is not None:
        return target.story or target.title
    return transition.title if transition else Text(fr=entry.body["target"])


def _told(
    request_type: RequestType,
    entry: Entry,
    personal: Mapping[str, Any],
    viewer: Viewer,
    language: str,
    spoken: tuple[EntryWords, ...],
    along: Text | None,
) -> str:
    if along is not None:
        return along.to(language)
    said = _words(entry, personal, language) or _despite(entry, personal, viewer, language)
    left_out = entry.body.get("unsaid", ()) if viewer.is_staff else ()
    unsaid = UNSAID_WORDS.format(names=", ".join(left_out)).to(language) if left_out else ""
    besides = [line.to(language) for words in spoken if words.lines for line in words.lines(request_type, entry)]
    return "\n".join(line for line in (said, *besides, unsaid) if line)


def _words(entry: Entry, personal: Mapping[str, Any], language: str) -> str:
    if "words" in personal or entry.body.get("may_call"):
        calls = MAY_CALL.to(language) if entry.body.get("may_call") else ""
        left_out = [msgspec.convert(each, Text).to(language) for each in personal.get("left_out", ())]
        return "\n\n".join(part for part in (str(personal.get("words", "")), *left_out, calls) if part)
    if "note" in personal:
        return msgspec.convert(personal["note"], Text).to(language)
    if entry.body.get("by_rule") in BY_RULE:
        return BY_RULE[entry.body["by_rule"]].to(language)
    if entry.kind in ("revealed", "taken"):
        return str(entry.body.get("reason", ""))
    if entry.kind == "escalated":
        return ", ".join(entry.body.get("to", ()))
    if entry.personal is None and entry.personal_digest:
        return UNREADABLE.to(language)
    return ""


def _despite(entry: Entry, personal: Mapping[str, Any], viewer: Viewer, language: str) -> str:
    """What was said against a request that was filed all the same, and why it was: for the town's people."""
    if not viewer.is_staff:
        return ""
    titles = [msgspec.convert(each["title"], Text).to(language) for each in entry.body.get("despite", ())]
    lines = [DESPITE.format(said=title).to(language) for title in titles]
    return "\n".join([*lines, str(personal.get("insisted", ""))]).strip()


def _form_of(request_type: RequestType, entry: Entry) -> Form | None:
    if entry.kind == "occurrence":
        return request_type.occurrence
    if asked := entry.body.get("asked"):
        part, word = request_type.part_of(asked)
        return part.form(word)
    transition = request_type.workflow.transition(entry.body.get("transition", ""))
    return transition.asks if transition else None


def _shown(host: Host, record: Record, form: Form, entry: Entry, viewer: Viewer) -> tuple[ShownAnswer, ...]:
    # What the town answered to a step of its own concerns others where it is personal: the requester is not told it.
    by_town = entry.kind == "moved" and entry.actor.kind != "requester"
    sees = PUBLIC_OR_INTERNAL if by_town and viewer.kind == "holder" else tuple(Sensitivity)

    is_unread = viewer.kind == "public" and entry.actor.kind == "requester"

    def is_seen(field: AnyField) -> bool:
        if is_unread and is_free(field):
            return False
        return field.privacy.sensitivity in sees and sees_answer(viewer, field, record, host.jurisdictions)

    shown = those(form.fields(), (entry.personal or {}).get("given", {}), is_seen)
    return tuple(
        ShownAnswer(field=field, label=field.label, value=shown[field.code])
        for field in form.fields()
        if field.code in shown
    )


def _files_in(given: Any) -> Iterator[str]:
    """Whatever may be the id of a file: lists of words, also inside groups."""
    for value in given.values():
        for item in value if isinstance(value, list) else ():
            if isinstance(item, str):
                yield item
            elif isinstance(item, dict):
                yield from _files_in(item)
