"""The life of a permit in the words of an authorization: its states, steps and messages, each by its code."""

from msgspec import structs

from parvis_permits.messages import FOLLOW, REASON, message
from parvis_sdk.request_types import Message
from parvis_sdk.text import Text
from parvis_sdk.workflow import Workflow

TITLES = {
    "issued": Text(fr="Autorisation délivrée", en="Authorization issued"),
    "suspended": Text(fr="Autorisation suspendue", en="Authorization suspended"),
    "expired": Text(fr="Autorisation échue", en="Authorization expired"),
    "revoked": Text(fr="Autorisation révoquée", en="Authorization revoked"),
}
STORIES = {
    "received": Text(
        fr="Votre demande est reçue. Ne commencez rien avant d’avoir reçu l’autorisation.",
        en="We have received your application. Do not start anything before you have the authorization.",
    ),
    "approved": Text(
        fr="Votre demande est approuvée. L’autorisation sera délivrée bientôt.",
        en="Your application is approved. The authorization will be issued soon.",
    ),
    "issued": Text(
        fr="L’autorisation est délivrée. Le document indique ses conditions et sa durée de validité.",
        en="The authorization is issued. The document states its conditions and how long it is valid.",
    ),
    "suspended": Text(
        fr="L’autorisation est suspendue. Arrêtez toute activité qu’elle permet jusqu’à ce qu’elle soit rétablie.",
        en="The authorization is suspended. Stop everything that it allows until it is reinstated.",
    ),
    "expired": Text(fr="L’autorisation est échue.", en="The authorization has expired."),
    "revoked": Text(
        fr="L’autorisation est révoquée. Les motifs sont dans l’historique.",
        en="The authorization is revoked. The reasons are in the history.",
    ),
}
STEPS = {
    "issue": Text(fr="Délivrer l’autorisation", en="Issue the authorization"),
    "suspend": Text(fr="Suspendre l’autorisation", en="Suspend the authorization"),
    "restore": Text(fr="Rétablir l’autorisation", en="Reinstate the authorization"),
    "renew": Text(fr="Renouveler l’autorisation", en="Renew the authorization"),
    "revoke": Text(fr="Révoquer l’autorisation", en="Revoke the authorization"),
    "expire": Text(fr="Constater l’échéance", en="Record that the authorization has expired"),
}
MESSAGES = (
    message(
        "submitted",
        "reçue",
        "received",
        Text(
            fr="Votre demande est reçue ({type}). Elle porte le numéro {reference}.",
            en="We have received your application ({type}). Its number is {reference}.",
        ),
        Text(
            fr="Nous vérifions d’abord que le dossier est complet. Ne commencez rien avant d’avoir reçu "
            "l’autorisation.",
            en="We first check that your application is complete. Do not start anything before you have the "
            "authorization.",
        ),
        FOLLOW,
    ),
    message("approve", "approuvée", "approved", STORIES["approved"], REASON, FOLLOW),
    message(
        "issue",
        "autorisation délivrée",
        "authorization issued",
        Text(
            fr="Votre autorisation est délivrée. Elle porte le numéro {document_number}. Téléchargez-la et gardez-la "
            "sur place.",
            en="Your authorization is issued. Its number is {document_number}. Download it and keep it on site.",
        ),
        FOLLOW,
    ),
    message("suspend", "autorisation suspendue", "authorization suspended", STORIES["suspended"], REASON, FOLLOW),
    message(
        "restore",
        "autorisation rétablie",
        "authorization restored",
        Text(fr="Votre autorisation est de nouveau en vigueur.", en="Your authorization is in force again."),
        REASON,
        FOLLOW,
    ),
    message("expire", "autorisation échue", "authorization expired", STORIES["expired"], FOLLOW),
    message(
        "renew",
        "autorisation renouvelée",
        "authorization renewed",
        Text(
            fr="Votre autorisation est renouvelée jusqu’au {until}.", en="Your authorization is renewed until {until}."
        ),
        FOLLOW,
    ),
    message(
        "revoke",
        "autorisation révoquée",
        "authorization revoked",
        Text(fr="Votre autorisation est révoquée.", en="Your authorization is revoked."),
        REASON,
        FOLLOW,
    ),
)


def authorization_workflow(workflow: Workflow) -> Workflow:
    """The same states and steps, which speak of an authorization."""
    return structs.replace(
        workflow,
        states=tuple(
            structs.replace(
                state, title=TITLES.get(state.code, state.title), story=STORIES.get(state.code, state.story)
            )
            for state in workflow.states
        ),
        transitions=tuple(
            structs.replace(move, title=STEPS.get(move.code, move.title)) for move in workflow.transitions
        ),
    )


def authorization_messages(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """The same messages, which speak of an authorization."""
    own = {each.on: each for each in MESSAGES}
    return tuple(own.get(each.on, each) for each in messages)
