"""An incident as a request that the town makes of itself: its answers say which requests belong to it."""

from parvis_incidents.matching import (
    INCIDENT,
    INSTEAD,
    METRES,
    SHORT,
    SHOWN,
    SINCE,
    SINCE_AT,
    WHAT,
    WORDS,
)
from parvis_incidents.titles import OFFERED
from parvis_sdk.fields import PUBLIC, Date, Number, OneOf, Option, ShortText, Time, YesNo
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import IdentityRule, PlaceRule, RequestType, Retention, Theme, Visibility
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Transition, Workflow

MOST_METRES = 20_000

HAPPENED = Section(
    code="happened",
    title=Text(fr="L’incident", en="The incident"),
    fields=(
        OneOf(
            code=WHAT,
            label=Text(fr="Que se passe-t-il?", en="What is happening?"),
            options=tuple(Option(code=code, label=label) for code, label in OFFERED.items()),
            privacy=PUBLIC,
        ),
        Date(
            code=SINCE,
            label=Text(fr="Requêtes reçues depuis le", en="Requests received since"),
            help=Text(fr="Sans réponse\u00a0: les 24 dernières heures.", en="If left empty: the last 24 hours."),
            required=False,
            earliest=-60,
            latest=0,
        ),
        Time(code=SINCE_AT, label=Text(fr="À partir de quelle heure?", en="From what time?"), required=False),
        ShortText(
            code=WORDS,
            label=Text(fr="Mots contenus dans les requêtes", en="Words in the requests"),
            help=Text(
                fr="En français ou en anglais, séparés par des virgules. Un seul suffit.",
                en="In French or English, separated by commas. One is enough.",
            ),
            required=False,
        ),
        Number(
            code=METRES,
            label=Text(fr="Rayon autour du point", en="Radius around the point"),
            help=Text(
                fr="Si vous avez indiqué un point plutôt qu’un contour.",
                en="If you chose a point rather than an outline.",
            ),
            required=False,
            least=10,
            most=MOST_METRES,
            unit=Text(fr="m", en="m"),
        ),
        YesNo(
            code=SHOWN,
            label=Text(fr="L’annoncer sur le portail?", en="Announce it on the portal?"),
            help=Text(
                fr="Un avis dans les secteurs touchés, avec le dernier message.",
                en="A notice in the sectors concerned, with the latest message.",
            ),
            required=False,
        ),
        YesNo(
            code=INSTEAD,
            label=Text(
                fr="Diriger les gens vers l’incident plutôt que vers une nouvelle requête?",
                en="Direct people to the incident instead of a new request?",
            ),
            required=False,
        ),
        YesNo(
            code=SHORT,
            label=Text(
                fr="Ne poser que les questions nécessaires?",
                en="Ask only the necessary questions?",
            ),
            required=False,
        ),
    ),
)

INCIDENTS = RequestType(
    code=INCIDENT,
    title=Text(fr="Incident", en="Incident"),
    summary=Text(
        fr="Une tempête, un bris, une collecte manquée\u00a0: ce qui touche beaucoup de personnes à la fois.",
        en="A storm, a main break, a missed collection: anything that affects many people at once.",
    ),
    slug=Text(fr="incident", en="incident"),
    theme=Theme(
        code="incidents",
        title=Text(fr="Incidents", en="Incidents"),
        slug=Text(fr="incidents", en="incidents"),
        icon="warning",
    ),
    icon="warning",
    form=Form(sections=(HAPPENED,)),
    workflow=Workflow(
        states=(
            State(
                code="under_way",
                title=Text(fr="En cours", en="Under way"),
                phase=Phase.IN_PROGRESS,
                story=Text(
                    fr="La Ville s’en occupe et vous tient au courant ici.",
                    en="The town is working on it and posts news here.",
                ),
            ),
            State(
                code="over",
                title=Text(fr="Terminé", en="Ended"),
                phase=Phase.CLOSED,
                story=Text(fr="L’incident est terminé.", en="The incident has ended."),
            ),
        ),
        transitions=(
            Transition(
                code="end",
                title=Text(fr="Terminer l’incident", en="End the incident"),
                sources=("under_way",),
                target="over",
                help=Text(
                    fr="Les nouvelles requêtes ne s’y rattachent plus.", en="New requests are no longer attached to it."
                ),
                tone="primary",
            ),
            Transition(
                code="resume",
                title=Text(fr="Reprendre l’incident", en="Resume the incident"),
                sources=("over",),
                target="under_way",
                help=Text(
                    fr="Les nouvelles requêtes s’y rattachent de nouveau.", en="New requests are attached to it again."
                ),
            ),
        ),
    ),
    place=PlaceRule(need="optional", shapes=("point", "polygon")),
    identity=IdentityRule(modes=("anonymous",), contact=False),
    retention=Retention(days=730, then="anonymise"),
    visibility=Visibility(similar_within=0),
    category=WHAT,
    keywords=(Text(fr="tempête, bris, panne, inondation", en="storm, break, outage, flood"),),
    opened_by="town",
)
