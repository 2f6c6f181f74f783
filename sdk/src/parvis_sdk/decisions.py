"""Steps that many request types share, as plain declarations: take on, ask, answer, withdraw, refuse, close, reopen.

Each has words of its own, which a type may replace by any part of a `Transition`: `closure(("done",), title=...)`.
"""

from typing import Any

from parvis_sdk.fields import AnyField, File, LongText, Option, SeveralOf
from parvis_sdk.forms import Form, Section
from parvis_sdk.text import Text
from parvis_sdk.workflow import Transition, reason_form

_SHORT = 2000
_READ = Text(fr="La personne lira ce texte.", en="The requester will read this text.")
_AT_WORK = ("agent", "manager", "system")
"""The agents who work on it, the clock, and other systems."""
REVIEW = Option(
    code="review",
    label=Text(
        fr="Demander par écrit que la Ville révise sa décision, dans les 30 jours",
        en="Ask the town in writing to review its decision, within 30 days",
    ),
)
COURT = Option(
    code="court",
    label=Text(
        fr="S’adresser à la Cour supérieure ou à la Cour municipale, selon le cas",
        en="Turn to the Superior Court or the municipal court, as the case may be",
    ),
)
OMBUDSMAN = Option(
    code="ombudsman",
    label=Text(
        fr="Porter plainte à l’ombudsman de la Ville, sans frais", en="Complain to the town’s ombudsman, free of charge"
    ),
)
REMEDIES = (REVIEW, COURT, OMBUDSMAN)
"""What a person may do about a decision; a type may have remedies of its own instead."""


def step_form(title: Text, *fields: AnyField) -> Form:
    """The form of a step, with one section.

    >>> [field.code for field in step_form(Text(fr="Visite"), words_told(Text(fr="Message à la personne"))).fields()]
    ['reason']
    """
    return Form(sections=(Section(code="demand", title=title, fields=fields),))


def words_told(
    label: Text, *, required: bool = False, example: Text | None = None, help: Text = _READ, longest: int = 4000
) -> LongText:
    """A question for a text to the requester: the answer `reason` of a step."""
    rows = 4 if longest > _SHORT else 3
    return LongText(
        code="reason", label=label, help=help, example=example, required=required, max_length=longest, rows=rows
    )


def triage(sources: tuple[str, ...] = ("received", "reopened"), target: str = "triaged", **more: Any) -> Transition:
    """An agent has read it and found that it is for the town to handle."""
    given = {"code": "triage", "title": Text(fr="Prendre en charge", en="Start handling"), "tone": "primary"}
    return Transition(**given | more, sources=sources, target=target)  # type: ignore[arg-type]


def question(sources: tuple[str, ...], target: str = "waiting", **more: Any) -> Transition:
    """The town asks its requester something; the clock pauses until they answer."""
    given = {
        "code": "need_information",
        "title": Text(fr="Demander une précision", en="Ask for details"),
        "asks": reason_form(Text(fr="Votre question", en="Your question")),
    }
    return Transition(**given | more, sources=sources, target=target)  # type: ignore[arg-type]


def answer(sources: tuple[str, ...], target: str, *, files: bool = False, **more: Any) -> Transition:
    """The requester answers; what they say may also have come as a message, so that nothing is required."""
    words = LongText(code="reason", label=Text(fr="Votre réponse", en="Your answer"), required=False, max_length=4000)
    papers = File(code="documents", label=Text(fr="Documents et photos", en="Documents and photos"), required=False)
    given = {
        "code": "answer",
        "title": Text(fr="Répondre à la Ville", en="Answer the town"),
        "by": ("requester", "agent", "manager"),
        "asks": step_form(words.label, words, *((papers,) if files else ())),
        "tone": "primary",
    }
    return Transition(**given | more, sources=sources, target=target)  # type: ignore[arg-type]


def lapse(sources: tuple[str, ...] = ("waiting",), target: str = "unanswered", **more: Any) -> Transition:
    """The step for a requester who did not answer in time, made by a timer of the state or by an agent."""
    given = {
        "code": "close_unanswered",
        "title": Text(fr="Fermer sans réponse", en="Close without an answer"),
        "by": _AT_WORK,
    }
    return Transition(**given | more, sources=sources, target=target)  # type: ignore[arg-type]


def withdrawal(sources: tuple[str, ...], target: str = "withdrawn", **more: Any) -> Transition:
    """The requester takes the request back."""
    given = {
        "code": "withdraw",
        "title": Text(fr="Retirer ma requête", en="Withdraw my request"),
        "by": ("requester", "agent", "manager"),
        "asks": reason_form(Text(fr="Raison du retrait", en="Reason for the withdrawal"), required=False),
        "tone": "warning",
    }
    return Transition(**given | more, sources=sources, target=target)  # type: ignore[arg-type]


def refusal(
    sources: tuple[str, ...],
    target: str,
    grounds: tuple[Option, ...],
    *,
    remedies: tuple[Option, ...] = REMEDIES,
    **more: Any,
) -> Transition:
    """A refusal: the standard grounds, the town's own words, and the remedies.

    Messages may say `{grounds}`, `{reason}` and `{remedies}`.

    >>> late = Option(code="late", label=Text(fr="Trop tard", en="Too late"))
    >>> [field.code for field in refusal(("received",), "refused", (late,)).asks.fields()]
    ['grounds', 'reason', 'remedies']
    """
    given = {"code": "refuse", "title": Text(fr="Refuser", en="Refuse"), "tone": "warning"}
    return Transition(**given | more, sources=sources, target=target, asks=_grounded(grounds, remedies))  # type: ignore[arg-type]


def revocation(
    sources: tuple[str, ...],
    target: str,
    grounds: tuple[Option, ...],
    *,
    remedies: tuple[Option, ...] = REMEDIES,
    **more: Any,
) -> Transition:
    """The town takes back what it granted: as `refusal`, by a manager."""
    given = {
        "code": "revoke",
        "title": Text(fr="Révoquer", en="Revoke"),
        "by": ("manager",),
        "tone": "warning",
    }
    return Transition(**given | more, sources=sources, target=target, asks=_grounded(grounds, remedies))  # type: ignore[arg-type]


def closure(sources: tuple[str, ...], target: str = "closed", **more: Any) -> Transition:
    """The final closing of a decided or completed request, without a message."""
    given = {"code": "close", "title": Text(fr="Fermer", en="Close"), "by": _AT_WORK, "tell": False}
    return Transition(**given | more, sources=sources, target=target)  # type: ignore[arg-type]


def reopening(sources: tuple[str, ...], target: str = "reopened", **more: Any) -> Transition:
    """The step that reopens an ended request, for agents."""
    given = {"code": "reopen", "title": Text(fr="Rouvrir", en="Reopen"), "asks": reason_form()}
    return Transition(**given | more, sources=sources, target=target)  # type: ignore[arg-type]


def _grounded(grounds: tuple[Option, ...], remedies: tuple[Option, ...]) -> Form:
    title = Text(fr="Motifs et recours", en="Reasons and remedies")
    return step_form(
        title,
        SeveralOf(code="grounds", label=Text(fr="Motifs", en="Reasons"), options=grounds, least=1),
        LongText(
            code="reason",
            label=Text(fr="Explication", en="Explanation"),
            help=_READ,
            max_length=4000,
        ),
        SeveralOf(code="remedies", label=Text(fr="Recours", en="Remedies"), options=remedies, least=1),
    )
