"""One request at the pretend desk, and the view of it for a subscription with certain needs."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct, field

from parvis_sdk.fields import Sensitivity
from parvis_sdk.obligation_rules import ObligationState
from parvis_sdk.renamed import say_renamed
from parvis_sdk.request_types import RequestType, Submission
from parvis_sdk.requests import Attachment, Owed, ServiceRequest, Town
from parvis_sdk.standing_answers import AnsweredAgain
from parvis_sdk.subscriptions import Need
from parvis_sdk.testing.pretend.states import (
    IssuedDocument,
    Round,
    SupplementList,
    ToldRequester,
    Visit,
)
from parvis_sdk.text import Text
from parvis_sdk.validity_rules import ValidityState


class Case(Struct, kw_only=True):
    """A request in the hands of the pretend desk.

    `contents` holds the bytes of its files, `charges` what its fees came to, `remembered` what plugins and connectors
    asked to keep about it, by their names. `answered` is what its steps were answered, `told` what its requester was.
    `held` is each validity by its code, `owed` what was demanded, with the answers of `proofs`, `rounds` the opinions
    asked for, `lists` what is to be completed; `stated` are the facts of parts whose kind the kit does not know,
    `known` what a test says of it beside its answers.
    """

    reference: str
    request_type: RequestType
    submission: Submission
    state: str
    submitted_at: datetime
    entered_at: datetime
    files: dict[str, Attachment] = field(default_factory=dict)
    history: list[tuple[datetime, str]] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)
    external_references: dict[str, str] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    charges: list[Owed] = field(default_factory=list)
    remembered: dict[str, dict[str, Any]] = field(default_factory=dict)
    answered: AnsweredAgain = AnsweredAgain()
    told: list[ToldRequester] = field(default_factory=list)
    held: dict[str, ValidityState] = field(default_factory=dict)
    owed: list[ObligationState] = field(default_factory=list)
    proofs: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    rounds: list[Round] = field(default_factory=list)
    lists: list[SupplementList] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    documents: list[IssuedDocument] = field(default_factory=list)
    stated: set[str] = field(default_factory=set)
    timer_at: datetime | None = None
    known: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> RequestType:
        """What `request_type` was called."""
        say_renamed("Case.kind", "request_type")
        return self.request_type

    @property
    def demand(self) -> Submission:
        """What `submission` was called."""
        say_renamed("Case.demand", "submission")
        return self.submission


def view(case: Case, town: Town, needs: tuple[Need, ...], name: str = "") -> ServiceRequest:
    """The request as the host shows it to the handler of that name with these needs."""
    request_type, submission = case.request_type, case.submission
    personal = {
        each.code
        for each in request_type.form.fields()
        if each.privacy.sensitivity in (Sensitivity.PERSONAL, Sensitivity.SENSITIVE)
    }
    answers = {code: value for code, value in submission.answers.items() if "personal" in needs or code not in personal}
    level = request_type.promise(submission.answers)
    promised = None
    if level is not None:
        days = timedelta(days=level.business_days * 7 / 5, hours=level.hours + level.business_hours * 3)
        promised = case.submitted_at + days
    return ServiceRequest(
        reference=case.reference,
        type=request_type.code,
        type_title=request_type.title,
        jurisdiction=town,
        language=submission.language,
        channel=submission.channel,
        state=case.state,
        state_title=request_type.workflow.state(case.state).title,
        phase=request_type.workflow.state(case.state).phase,
        submitted_at=case.submitted_at,
        promised_at=promised,
        unit="works",
        place=submission.place,
        answers=answers,
        requester=submission.requester if "contact" in needs else None,
        attachments=tuple(case.files.values()) if "attachments" in needs else (),
        charges=tuple(map(_as_told, case.charges)) if "fees" in needs else (),
        remembered=dict(case.remembered.get(name, {})),
        external_references=dict(case.external_references),
        tracking_url=f"{town.url}/fr/suivi/{case.reference}?cle=secret" if "contact" in needs else "",
        public_url=f"{town.url}/fr/requete/{case.reference}" if request_type.visibility.public else "",
    )


def _as_told(charge: Owed) -> Owed:
    """A charge as other systems are told of it, without how it was calculated."""
    return Owed(**{name: getattr(charge, name) for name in Owed.__struct_fields__})
