"""Who sees what, decided here and nowhere else: pages, API, search, exports, documents and mail all ask this room."""

import math
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct, structs

from parvis.access_scope import Reach, Scope, scope_over
from parvis.jurisdictions import Jurisdictions
from parvis.jurisdictions.places import locate
from parvis.jurisdictions.shapes import METRES_PER_DEGREE
from parvis.requests.declarations import is_offered
from parvis.requests.host import Host
from parvis.requests.public_words import is_free, public_place_words, words_are_public
from parvis.requests.records import Record, state_title
from parvis_sdk.fields import PERSONAL, SENSITIVE, AnyField, Privacy, Sensitivity, identifies
from parvis_sdk.parties import Right
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place, Requester
from parvis_sdk.standing_answers import those
from parvis_sdk.text import Text
from parvis_sdk.workflow import Mover, Transition

Permission = str
"""The name of a right: one of the core (`parvis.people.roles.RIGHTS`), or one that a module brings."""
WITHDRAW = "withdraw"


class Viewer(Struct, frozen=True, kw_only=True):
    """Somebody who looks: anyone, the holder of a request's key, an agent, a machine with a token, or the system.

    A holder with a `role` is a party: let into the request by its requester, with the `rights` of that role. Of the
    requests in `revealing` they have just said why they need to know who it is.
    """

    kind: Literal["public", "holder", "agent", "token", "system"]
    id: str = ""
    name: str = ""
    reaches: tuple[Reach, ...] = ()
    role: str = ""
    rights: frozenset[str] = frozenset()
    revealing: frozenset[str] = frozenset()

    def holds(self, right: Right) -> bool:
        """Whether a holder may do what is named so: the requester everything, a party what its role says."""
        return self.kind == "holder" and (not self.role or right in self.rights)

    @property
    def is_requester(self) -> bool:
        return self.kind == "holder" and not self.role

    @property
    def is_staff(self) -> bool:
        return self.kind in ("agent", "token", "system")


PUBLIC = Viewer(kind="public")
HOLDER = Viewer(kind="holder")
SYSTEM_VIEWER = Viewer(kind="system")


class ShownAnswer(Struct, frozen=True, kw_only=True):
    """One answer that the viewer may see, with its question."""

    field: AnyField
    label: Text
    value: Any


class RequestView(Struct, frozen=True, kw_only=True):
    """A request as one viewer may see it; nothing else of it may reach them."""

    reference: str
    jurisdiction: str
    type: str
    theme: str
    title: Text
    state: str
    state_title: Text
    story: Text | None
    phase: str
    language: str
    channel: str
    identity: str
    unit: str
    assignee: UUID | None
    zone: str
    submitted_at: datetime
    updated_at: datetime
    state_since: datetime
    closed_at: datetime | None
    promised_at: datetime | None
    promise: str
    is_late: bool
    answers: dict[str, Any]
    fields: tuple[ShownAnswer, ...]
    place: Place | None
    contact: Requester | None
    contact_hidden: bool
    hidden: tuple[Text, ...]  # questions whose answers a reveal would show
    external_references: dict[str, str]
    version: int
    public: bool
    moves: tuple[Transition, ...]
    plugin_gone: bool
    undone: bool  # whether a promise that was kept was broken by a reopening
    absence: str  # why its type is not offered: gone, broken or dropped; empty while it is
    erased: bool


def may(viewer: Viewer, permission: Permission, record: Record, jurisdictions: Jurisdictions) -> bool:
    """Whether the viewer has this permission over this request."""
    if viewer.kind == "system":
        return True
    return scope_of(viewer, record.jurisdiction, jurisdictions, permission).holds(record)


def scope_of(viewer: Viewer, jurisdiction: str, jurisdictions: Jurisdictions, *permissions: Permission) -> Scope:
    """The requests of a town over which the viewer has any of these permissions."""
    if viewer.kind == "system":
        return Scope(jurisdiction=jurisdiction)
    return scope_over(viewer.reaches, permissions, jurisdictions.get(jurisdiction), interested(viewer))


def interested(viewer: Viewer) -> str:
    """Whose conflicts of interest keep requests away: those of people, never of machines."""
    return viewer.id if viewer.kind == "agent" else ""


def sees(viewer: Viewer, record: Record, jurisdictions: Jurisdictions) -> bool:
    """Whether the viewer may know that this request exists."""
    if viewer.kind == "public":
        return record.public and record.erased_at is None
    return viewer.kind == "holder" or may(viewer, "see", record, jurisdictions)


def mover_of(viewer: Viewer, record: Record, jurisdictions: Jurisdictions) -> Mover | None:
    """As whom the viewer moves this request: by the workflow's words."""
    if viewer.kind == "holder":
        return "requester" if viewer.holds("act") else None
    if viewer.kind == "system":
        return "system"
    if not may(viewer, "work", record, jurisdictions):
        return None
    return "manager" if may(viewer, "report", record, jurisdictions) else "agent"


def moves_for(host: Host, record: Record, request_type: RequestType, viewer: Viewer) -> tuple[Transition, ...]:
    """The transitions that this viewer may make now; none once the plugin is gone or the person's data erased."""
    mover = mover_of(viewer, record, host.jurisdictions)
    if mover is None or not is_offered(host, record) or record.erased_at is not None or record.merged_into is not None:
        return ()
    moves = request_type.workflow.moves(record.state, mover)
    # What others report as well is not for one of them to take back.
    return tuple(each for each in moves if not (record.duplicates and mover == "requester" and each.code == WITHDRAW))


def sees_contact(viewer: Viewer, record: Record, jurisdictions: Jurisdictions) -> bool:
    """Whether the viewer sees who asked; a confidential person only by a reveal, which is noted with its reason."""
    if viewer.kind in ("holder", "system"):
        return not viewer.role
    return record.identity != "confidential" and reads_persons(viewer, record, jurisdictions)


def reads_persons(viewer: Viewer, record: Record, jurisdictions: Jurisdictions) -> bool:
    """Whether the viewer sees who asked and what is protected as personal, where nothing else hides it."""
    return may(viewer, "contacts", record, jurisdictions)


def sees_privacy(viewer: Viewer, privacy: Privacy, record: Record, jurisdictions: Jurisdictions) -> bool:
    """Whether an answer under that protection may reach the viewer."""
    match privacy.sensitivity:
        case Sensitivity.PUBLIC:
            return True
        case Sensitivity.INTERNAL:
            return viewer.kind != "public"
        case Sensitivity.PERSONAL:
            # What somebody told of themselves is not for whom the file was handed over to.
            return (_is_who_asked(viewer, record) and viewer.holds("personal")) or (
                viewer.is_staff and reads_persons(viewer, record, jurisdictions)
            )
        case Sensitivity.SENSITIVE:
            return (_is_who_asked(viewer, record) and not viewer.role) or reveals(viewer, record, jurisdictions)


def sees_answer(viewer: Viewer, field: AnyField, record: Record, jurisdictions: Jurisdictions) -> bool:
    """Whether the answer to a question may reach the viewer.

    What tells who somebody is lies behind the same reveal as who asked, wherever the requester is not named openly.
    """
    if not sees_privacy(viewer, field.privacy, record, jurisdictions):
        return False
    return not (viewer.is_staff and hides_who(record, field)) or reveals(viewer, record, jurisdictions)


def hides_who(record: Record, field: AnyField) -> bool:
    """Whether an answer would tell who somebody is whom the request does not name."""
    return record.identity != "named" and identifies(field)


def reveals(viewer: Viewer, record: Record, jurisdictions: Jurisdictions) -> bool:
    """Whether the viewer has the right to what is kept confidential, and has said why they need it now."""
    if viewer.kind == "system":
        return True
    return record.reference in viewer.revealing and may(viewer, "reveal", record, jurisdictions)


def hidden_questions(
    viewer: Viewer, record: Record, request_type: RequestType, jurisdictions: Jurisdictions
) -> tuple[Text, ...]:
    """The questions whose answers the viewer may have revealed, and has not."""
    if viewer.kind != "agent" or not may(viewer, "reveal", record, jurisdictions):
        return ()
    open_eyed = structs.replace(viewer, revealing=frozenset({record.reference}))
    shown, all_of_it = (answers_for(each, record, request_type, jurisdictions) for each in (viewer, open_eyed))
    fields = (field for field in request_type.form.fields() if field.code in all_of_it)
    return tuple(field.label for field in fields if shown.get(field.code) != all_of_it[field.code])


def _is_who_asked(viewer: Viewer, record: Record) -> bool:
    return viewer.kind == "holder" and record.holder_since is None


def sees_audience(viewer: Viewer, audience: str, record: Record, jurisdictions: Jurisdictions) -> bool:
    """Whether an entry or a file for that audience may reach the viewer."""
    match audience:
        case "public":
            return True
        case "requester":
            return viewer.kind != "public"
        case "personal":
            return sees_privacy(viewer, PERSONAL, record, jurisdictions)
        case "sensitive":
            return sees_privacy(viewer, SENSITIVE, record, jurisdictions)
        case "colleagues":
            return viewer.kind != "holder" and sees_privacy(viewer, PERSONAL, record, jurisdictions)
        case "restricted":
            return reveals(viewer, record, jurisdictions)
        case "deciding":
            return may(viewer, "work", record, jurisdictions)
        case "opinion":
            return False  # nobody here: kinds of part say who reads such a file nevertheless
        case _:
            return viewer.is_staff


def is_of_viewer(viewer: Viewer, record: Record, at: datetime) -> bool:
    """Whether it was in the time of the viewer: a new holder is not told what the one before said and read."""
    return viewer.kind != "holder" or record.holder_since is None or at >= record.holder_since


CORRESPONDENCE = ("reply", "received", "contact", "messages", "settled", "unasked", "occurrence")
OF_PERSONS = (
    *CORRESPONDENCE,
    "note",
    "party",
    "revealed",
    "call_wanted",
    "call_noted",
    "kept_away",
    "let_back",
    "called",
    "not_reached",
    "posted",
    "task_done",
    "unreached",
)
"""What is written to people and about them: no agent or machine that may not see who asked is told it by these."""


def sees_kind(viewer: Viewer, kind: str, record: Record, jurisdictions: Jurisdictions) -> bool:
    """Whether such entries concern the viewer: letters for those who write them, parties for those who give access."""
    if viewer.kind in ("agent", "token"):
        return kind not in OF_PERSONS or reads_persons(viewer, record, jurisdictions)
    if not viewer.role:
        return True
    return viewer.holds("messages") if kind in CORRESPONDENCE else kind != "party" or viewer.holds("invite")


def answers_for(
    viewer: Viewer, record: Record, request_type: RequestType, jurisdictions: Jurisdictions
) -> dict[str, Any]:
    """The answers that may reach the viewer; everybody only what nobody typed freely, or the town has published."""
    told = viewer.kind != "public" or words_are_public(request_type, record)
    return those(
        request_type.form.fields(),
        record.answers,
        lambda field: sees_answer(viewer, field, record, jurisdictions) and (told or not is_free(field)),
    )


def place_for(viewer: Viewer, record: Record, request_type: RequestType) -> Place | None:
    """The place, for the public in words of the address base or of the town, and rounded where the type says so."""
    place = record.place
    if place is None or viewer.kind != "public":
        return place
    if not request_type.place.precision:
        return structs.replace(place, address=public_place_words(request_type, record), words="")
    if place.lon is None or place.lat is None:
        return None
    lon, lat = rounded(place.lon, place.lat, request_type.place.precision)
    return Place(lon=lon, lat=lat)


def rounded(lon: float, lat: float, precision: int) -> tuple[float, float]:
    """The middle of the square of so many metres in which a point lies: the same for every point of the square.

    How wide a square is in degrees follows from the latitude of its middle, never from that of the point: otherwise the
    longitude told would give the latitude away.
    """
    step = precision / METRES_PER_DEGREE
    middle = round(lat / step) * step
    wide = step / max(0.1, math.cos(math.radians(middle)))
    return round(round(lon / wide) * wide, 5), round(middle, 5)


def zone_for(viewer: Viewer, record: Record, request_type: RequestType, jurisdictions: Jurisdictions) -> str:
    """The zone; for the public that of the rounded place: the exact one would tell on which side of a limit it is."""
    if viewer.kind != "public" or not request_type.place.precision:
        return record.zone
    place, town = place_for(viewer, record, request_type), jurisdictions.get(record.jurisdiction)
    if place is None or town is None or place.lon is None or place.lat is None:
        return ""
    return locate(town, place.lon, place.lat).zone


def present(
    host: Host, record: Record, request_type: RequestType, viewer: Viewer, contact: Requester | None = None
) -> RequestView:
    """The request as this viewer may see it. `contact` is who asked, when known: it is left out where it must be."""
    answers = answers_for(viewer, record, request_type, host.jurisdictions)
    state = request_type.workflow.state(record.state)
    staff = viewer.is_staff
    open_contact = sees_contact(viewer, record, host.jurisdictions)
    return RequestView(
        reference=record.reference,
        jurisdiction=record.jurisdiction,
        type=record.type,
        theme=record.theme,
        title=request_type.title,
        state=record.state,
        state_title=state_title(record, request_type),
        story=state.story if record.merged_into is None else None,
        phase=record.phase,
        language=record.language,
        channel=record.channel if viewer.kind != "public" else "",
        identity=record.identity if viewer.kind != "public" else "",
        unit=record.unit if staff else "",
        assignee=record.assignee if staff else None,
        zone=zone_for(viewer, record, request_type, host.jurisdictions),
        submitted_at=record.submitted_at,
        updated_at=record.updated_at,
        state_since=record.state_since,
        closed_at=record.closed_at,
        promised_at=record.promised_at,
        promise=record.promise,
        is_late=record.is_late,
        answers=answers,
        fields=tuple(
            ShownAnswer(field=field, label=field.label, value=answers[field.code])
            for field in request_type.form.fields()
            if field.code in answers
        ),
        place=place_for(viewer, record, request_type),
        contact=contact if open_contact else None,
        contact_hidden=not open_contact and record.identity == "confidential" and staff,
        hidden=hidden_questions(viewer, record, request_type, host.jurisdictions),
        external_references=record.external_references if staff else {},
        version=record.version,
        public=record.public,
        moves=moves_for(host, record, request_type, viewer),
        plugin_gone=not is_offered(host, record),
        undone=bool(record.undone),
        absence="" if is_offered(host, record) else host.plugins.absence(record.type),
        erased=record.erased_at is not None,
    )
