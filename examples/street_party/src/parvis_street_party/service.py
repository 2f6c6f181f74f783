"""The request type."""

from parvis_sdk.request_types import (
    IdentityRule,
    Message,
    PlaceRule,
    RequestType,
    Retention,
    ServiceLevel,
    Theme,
    Visibility,
)
from parvis_sdk.text import Text
from parvis_street_party.granted import PARTS
from parvis_street_party.life import WORKFLOW
from parvis_street_party.opinions import OPINIONS
from parvis_street_party.questions import FORM

THEME = Theme(
    code="parties_and_events",
    title=Text(fr="Fêtes et événements", en="Parties and events"),
    slug=Text(fr="fetes-et-evenements", en="parties-and-events"),
)


def told(on: str, subject: Text, body: Text) -> Message:
    """What is written to the requester, when a step is made."""
    linked = body.each(lambda words, _: f"{words}\n\n{{link}}")
    return Message(on=on, subject=subject, body=linked)


SERVICE = RequestType(
    code="street_party",
    title=Text(fr="Fête de rue", en="Street party"),
    summary=Text(
        fr="Fermer un bout de rue pour y faire la fête entre voisins.",
        en="Close a piece of street for a party among neighbours.",
    ),
    slug=Text(fr="fete-de-rue", en="street-party"),
    theme=THEME,
    form=FORM,
    workflow=WORKFLOW,
    place=PlaceRule(label=Text(fr="Où se tient la fête?", en="Where is the party held?")),
    identity=IdentityRule(modes=("named",)),
    visibility=Visibility(public=False),
    service_levels=(
        ServiceLevel(
            code="standard",
            title=Text(fr="Décision en 20 jours ouvrables", en="Decision within 20 business days"),
            business_days=20,
            until="decided",
        ),
    ),
    retention=Retention(days=730),
    parts=(*PARTS, OPINIONS),
    messages=(
        told(
            "study",
            Text(fr="Votre fête est à l’étude", en="Your party is under review"),
            Text(fr="Les services concernés se prononcent.", en="The departments concerned are giving opinions."),
        ),
        told(
            "change_days",
            Text(fr="Les jours de votre fête sont changés", en="The days of your party are changed"),
            Text(
                fr="La fête va du {held_on} au {ends_on}. Les avis qui en dépendent sont redemandés.",
                en="The party is from {held_on} to {ends_on}. Opinions that depend on it are asked for again.",
            ),
        ),
        told(
            "authorise",
            Text(fr="Votre fête est autorisée", en="Your party is authorised"),
            Text(
                fr="L’autorisation est sur la page de votre demande.",
                en="The permit is on the page of your application.",
            ),
        ),
        told(
            "refuse",
            Text(fr="Votre fête est refusée", en="Your party is refused"),
            Text(fr="{reason}", en="{reason}"),
        ),
        told(
            "withdraw",
            Text(fr="Votre demande est retirée", en="Your application is withdrawn"),
            Text(fr="Vous l’avez retirée.", en="You withdrew it."),
        ),
    ),
)
