"""Something lost: reported, matched with something found, claimed by its serial number, handed over."""

from parvis_lost_and_found.questions import CLAIM_FORM, LOST_FORM
from parvis_lost_and_found.theme import DAYS_KEPT, MOST_METRES, THEME
from parvis_sdk.request_types import Message, PlaceRule, RequestType, Retention, ServiceLevel, Visibility
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Timer, Transition, Workflow, reason_form

WORKFLOW = Workflow(
    states=(
        State(
            code="received",
            title=Text(fr="Recherché", en="Looked for"),
            phase=Phase.RECEIVED,
            timers=(Timer(transition="give_up", days=365),),
        ),
        State(
            code="matched",
            title=Text(fr="Peut-être retrouvé", en="Perhaps found"),
            phase=Phase.WAITING_FOR_YOU,
            story=Text(fr="Un objet semblable nous a été remis.", en="A thing like it was brought to us."),
            timers=(Timer(transition="look_on", days=30),),
        ),
        State(code="claimed", title=Text(fr="Réclamé", en="Claimed"), phase=Phase.IN_PROGRESS),
        State(
            code="confirmed",
            title=Text(fr="À venir chercher", en="To be picked up"),
            phase=Phase.WAITING_FOR_YOU,
            story=Text(fr="C’est bien votre objet.", en="It is your thing."),
            timers=(Timer(transition="look_on", days=DAYS_KEPT),),
        ),
        State(
            code="returned",
            title=Text(fr="Remis à son propriétaire", en="Handed over"),
            phase=Phase.DECIDED,
            timers=(Timer(transition="close", days=14),),
        ),
        State(code="closed", title=Text(fr="Fermée", en="Closed"), phase=Phase.CLOSED),
    ),
    transitions=(
        Transition(
            code="match",
            title=Text(fr="Inviter à réclamer", en="Invite to claim"),
            sources=("received",),
            target="matched",
        ),
        Transition(
            code="claim",
            title=Text(fr="Réclamer l’objet", en="Claim the thing"),
            sources=("matched",),
            target="claimed",
            by=("requester",),
            asks=CLAIM_FORM,
        ),
        Transition(
            code="confirm",
            title=Text(fr="Confirmer la réclamation", en="Confirm the claim"),
            sources=("claimed",),
            target="confirmed",
            by=("system", "agent"),
        ),
        Transition(
            code="doubt",
            title=Text(fr="Demander de vérifier le numéro", en="Ask to check the number"),
            sources=("claimed",),
            target="matched",
            by=("system", "agent"),
        ),
        Transition(
            code="look_on",
            title=Text(fr="Chercher encore", en="Look on"),
            sources=("matched", "confirmed"),
            target="received",
            by=("system", "agent", "requester"),
            tell=False,
        ),
        Transition(
            code="hand_over",
            title=Text(fr="Remettre l’objet", en="Hand it over"),
            sources=("confirmed",),
            target="returned",
            by=("agent", "system"),
            tell=False,
        ),
        Transition(
            code="give_up",
            title=Text(fr="Cesser de chercher", en="Stop looking"),
            sources=("received",),
            target="closed",
            by=("system", "agent"),
        ),
        Transition(
            code="close",
            title=Text(fr="Fermer", en="Close"),
            sources=("returned",),
            target="closed",
            by=("system", "agent"),
            tell=False,
        ),
        Transition(
            code="withdraw",
            title=Text(fr="Retirer ma requête", en="Withdraw my request"),
            sources=("received", "matched", "claimed", "confirmed"),
            target="closed",
            by=("requester",),
            asks=reason_form(required=False),
        ),
    ),
)


def told(on: str, subject: Text, body: Text) -> Message:
    return Message(on=on, subject=subject, body=body.each(lambda words, _: f"{words}\n\n{{link}}"))


LOST = RequestType(
    code="lost_thing",
    title=Text(fr="Objet perdu", en="Lost thing"),
    summary=Text(fr="Vous avez perdu quelque chose dans la ville", en="You lost something in the town"),
    slug=Text(fr="objet-perdu", en="lost-thing"),
    theme=THEME,
    form=LOST_FORM,
    workflow=WORKFLOW,
    place=PlaceRule(label=Text(fr="Où l’avez-vous perdu?", en="Where did you lose it?"), precision=MOST_METRES),
    service_levels=(
        ServiceLevel(
            code="standard", title=Text(fr="Recherche d’un an", en="Looked for during a year"), business_days=250
        ),
    ),
    retention=Retention(days=365),
    visibility=Visibility(public=False),
    messages=(
        told(
            "match",
            Text(fr="Votre objet est peut-être retrouvé", en="Your thing may be found"),
            Text(
                fr="Un objet semblable nous a été remis. Réclamez-le avec son numéro de série.",
                en="A thing like it was brought to us. Claim it by its serial number.",
            ),
        ),
        told(
            "claim",
            Text(fr="Nous vérifions votre réclamation", en="We are checking your claim"),
            Text(fr="La réponse suit sous peu.", en="The answer follows shortly."),
        ),
        told(
            "confirm",
            Text(fr="Venez chercher votre objet", en="Come and get your thing"),
            Text(
                fr="Présentez-vous au comptoir avec une pièce d’identité.",
                en="Come to the counter with a piece of identification.",
            ),
        ),
        told(
            "doubt",
            Text(fr="Le numéro ne correspond pas", en="The number does not match"),
            Text(
                fr="Vérifiez le numéro de série, puis réclamez l’objet de nouveau, ou appelez-nous.",
                en="Check the serial number, then claim the thing again, or call us.",
            ),
        ),
        told(
            "give_up",
            Text(fr="Votre objet n’a pas été retrouvé", en="Your thing was not found"),
            Text(
                fr="Personne ne nous l’a remis en un an; nous cessons de chercher.",
                en="Nobody has brought it to us within a year; we stop looking.",
            ),
        ),
        told(
            "withdraw",
            Text(fr="Votre requête est retirée", en="Your request is withdrawn"),
            Text(fr="Vous l’avez retirée.", en="You withdrew it."),
        ),
    ),
)
