"""Proposals: what a plugin would have done to another request, for somebody of the town to accept or decline.

    Proposal(to="7K3M-9QXT-4", tie=True, reason=Text(fr="Même couleur, à 300 m", en="Same colour, 300 m away"))

Nothing happens to the other request before it is accepted. The same proposal made twice is one.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from parvis_sdk.events import Amended, Event
from parvis_sdk.fields import Sensitivity
from parvis_sdk.finding import Scope
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

MOST_PROPOSED = 20  # by one outcome
LONGEST_REASON = 500  # characters
MOST_WORDS = 20_000  # characters of a message, as of one that an agent writes
OF_TOWN = ("requester", "agent", "system")  # actors of events that are no plugins
NO_REASON = Text(fr="elle ne dit pas pourquoi", en="it says no reason")
NOTHING = Text(fr="elle ne propose ni lien, ni étape, ni message", en="it proposes neither a tie, a step nor a message")
TOO_LONG = Text(fr="sa raison a plus de {most} caractères", en="its reason has more than {most} characters")
NO_WORDS = Text(fr="son message est vide", en="its message is empty")
MANY_WORDS = Text(fr="son message a plus de {most} caractères", en="its message has more than {most} characters")
NO_SCOPE = Text(fr="aucune portée déclarée ne comprend le type {type}", en="no declared scope holds the type {type}")
NO_MOVE = Text(
    fr="l’étape {move} n’est pas dans la portée du type {type}", en="the step {move} is not in the scope of {type}"
)
MANY = Text(fr="plus de {most} propositions à la fois", en="more than {most} proposals at once")
NOT_DECLARED = Text(
    fr="la réponse {code} n’est pas déclarée dans corrects", en="the answer {code} is not declared in corrects"
)
NOT_ASKED = Text(fr="le type {type} ne pose pas la question {code}", en="the type {type} does not ask {code}")
IS_SENSITIVE = Text(
    fr="la réponse {code} est sensible : aucune extension ne la corrige",
    en="the answer {code} is sensitive: no plugin corrects it",
)
IS_PERSONAL = Text(
    fr="la réponse {code} est personnelle : demandez needs=('personal',)",
    en="the answer {code} is personal: ask for needs=('personal',)",
)
OF_A_CORRECTION = Text(
    fr="une extension ne corrige rien en réponse à ce qu’une extension a corrigé",
    en="a plugin corrects nothing in answer to what a plugin corrected",
)
OTHERS_CHANGE = Text(
    fr="la réponse {code} changerait aussi, ou se perdrait", en="the answer {code} would change too, or be lost"
)
NO_ANSWERS = Text(fr="elle ne corrige rien", en="it corrects nothing")
HAS_PAGE = Text(
    fr="Cette étape se prépare sur une page à elle : faites-la vous-même, puis déclinez la proposition.",
    en="This step is prepared on a page of its own: make it yourself, then decline the proposal.",
)
TO_ITSELF = Text(fr="elle s’adresse à sa propre requête", en="it is made to its own request")


class Proposal(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is proposed for the request `to` and why; it is shown on its page at the desk, under the plugin's name.

    `tie` says that both are about the same matter; `move` is a step of the other's workflow, with the answers `given`;
    `message` is written to its requester. At least one of the three; who accepts does all of it at once, by their own
    rights. `reason` is read by people of the town alone.
    """

    to: str
    reason: Text
    tie: bool = False
    move: str = ""
    given: dict[str, Any] = {}
    message: Text | None = None

    def mark(self, plugin: str, of: str) -> str:
        """What makes it one with itself: whose it is, of which request, for which, and what would be done."""
        what = (plugin, of, self.to, self.tie, self.move, self.given, self.message)
        return hashlib.sha256(msgspec.json.encode(what, order="sorted")).hexdigest()


class Correction(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Other answers to questions of the request itself, by code, and why. The rules of the form hold as for an agent.

    Only answers that the subscription declares (`corrects`) and the operator granted are corrected; an empty value
    takes one away. `reason` stands in the history, in the name of the plugin.
    """

    answers: dict[str, Any]
    reason: Text


def proposal_mistakes(proposal: Proposal, scopes: Iterable[Scope], type: str, *, of: str = "") -> Iterator[Text]:
    """Why a proposal for a request of that type is not taken; nothing where it is. The same in the kit and the host."""
    if of and proposal.to == of:
        yield TO_ITSELF
    if not proposal.reason.fr.strip():
        yield NO_REASON
    if proposal.reason.length > LONGEST_REASON:
        yield TOO_LONG.format(most=LONGEST_REASON)
    if proposal.message is not None:
        yield from _of_message(proposal.message)
    elif not (proposal.tie or proposal.move):
        yield NOTHING
    scope = next((each for each in scopes if type in each.types), None)
    if scope is None:
        yield NO_SCOPE.format(type=type)
    elif proposal.move and proposal.move not in scope.moves:
        yield NO_MOVE.format(move=proposal.move, type=type)


def _of_message(message: Text) -> Iterator[Text]:
    if not message.fr.strip():
        yield NO_WORDS
    if message.length > MOST_WORDS:
        yield MANY_WORDS.format(most=MOST_WORDS)


def correction_mistakes(
    correction: Correction,
    corrects: Collection[str],
    request_type: RequestType,
    *,
    needs: Collection[str] = (),
    event: Event | None = None,
) -> Iterator[Text]:
    """Why a correction is not made, before the form reads its answers; nothing where it is.

    `needs` are those of the subscription, `event` is what it answers: a correction answered by another has no end.
    """
    if isinstance(event, Amended) and event.actor not in OF_TOWN:
        yield OF_A_CORRECTION
    if not correction.answers:
        yield NO_ANSWERS
    if not correction.reason.fr.strip():
        yield NO_REASON
    for code in correction.answers:
        if code not in corrects:
            yield NOT_DECLARED.format(code=repr(code))
        elif (field := request_type.form.field(code)) is None:
            yield NOT_ASKED.format(type=repr(request_type.code), code=repr(code))
        elif field.privacy.sensitivity is Sensitivity.SENSITIVE:
            yield IS_SENSITIVE.format(code=repr(code))
        elif field.privacy.sensitivity is Sensitivity.PERSONAL and "personal" not in needs:
            yield IS_PERSONAL.format(code=repr(code))


def others_changed(before: Mapping[str, Any], after: Mapping[str, Any], given: Collection[str]) -> Problems | None:
    """That a correction would change answers which it does not give, such as those that a condition then hides."""
    others = (code for code in {**before, **after} if code not in given and before.get(code) != after.get(code))
    found = tuple(
        Problem(path=f"answers.{code}", code="not_given", message=OTHERS_CHANGE.format(code=repr(code)))
        for code in others
    )
    return Problems(found=found) if found else None
