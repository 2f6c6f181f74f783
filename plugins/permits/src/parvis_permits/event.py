"""The authorization of an event in a park, a square or a street."""

from parvis_permits import abouts
from parvis_permits.authorization import authorization_messages, authorization_workflow
from parvis_permits.days import not_before
from parvis_permits.documents import REFUSAL, SUPPLEMENT_LETTER
from parvis_permits.life.messages import permit_messages
from parvis_permits.life.workflow import permit_workflow
from parvis_permits.privacy import SEVEN_YEARS
from parvis_permits.supplement import completeness
from parvis_permits.themes import PERMITS
from parvis_sdk.conditions import AtLeast, Includes, Is
from parvis_sdk.documents import Document
from parvis_sdk.fields import Consent, Date, File, LongText, Number, OneOf, Option, SeveralOf, ShortText, Time, YesNo
from parvis_sdk.forms import Form, Section
from parvis_sdk.overlaps import Overlap
from parvis_sdk.request_types import IdentityRule, PlaceRule, RequestType, ServiceLevel, Visibility
from parvis_sdk.reviews import Recommendation, Review, Silence, Task
from parvis_sdk.text import Text
from parvis_sdk.validity import Validity

LARGE = AtLeast(field="people", value=250)

EVENT_FORM = Form(
    sections=(
        Section(
            code="event_section",
            title=Text(fr="L’événement", en="The event"),
            fields=(
                ShortText(
                    code="event_name", label=Text(fr="Nom de l’événement", en="Name of the event"), max_length=160
                ),
                OneOf(
                    code="event_kind",
                    label=Text(fr="De quel type d’événement s’agit-il?", en="What type of event is it?"),
                    options=(
                        Option(code="neighbours", label=Text(fr="Fête de voisins", en="Block party")),
                        Option(code="festival", label=Text(fr="Festival ou spectacle", en="Festival or show")),
                        Option(code="sport", label=Text(fr="Activité sportive", en="Sports activity")),
                        Option(code="market", label=Text(fr="Marché ou vente", en="Market or sale")),
                        Option(code="filming", label=Text(fr="Tournage", en="Filming")),
                        Option(
                            code="gathering", label=Text(fr="Cérémonie ou rassemblement", en="Ceremony or gathering")
                        ),
                    ),
                ),
                LongText(
                    code="description",
                    means="description",
                    label=Text(fr="Décrivez l’activité", en="Describe the activity"),
                    max_length=3000,
                ),
                Date(code="starts_on", means="first_day", label=Text(fr="Premier jour", en="First day"), earliest=1),
                Date(
                    code="ends_on",
                    label=Text(fr="Dernier jour", en="Last day"),
                    earliest=1,
                    checks=not_before("ends_on", "starts_on"),
                ),
                Time(code="opens_at", label=Text(fr="Début", en="Start")),
                Time(code="closes_at", label=Text(fr="Fin", en="End")),
                Number(
                    code="people",
                    label=Text(
                        fr="Combien de personnes attendez-vous, au moment le plus achalandé?",
                        en="How many people do you expect at the busiest time?",
                    ),
                    least=1,
                    most=500_000,
                ),
            ),
        ),
        Section(
            code="needs",
            title=Text(fr="Besoins et plans", en="Needs and plans"),
            fields=(
                SeveralOf(
                    code="includes",
                    label=Text(fr="Qu’y aura-t-il sur place?", en="What will there be on site?"),
                    required=False,
                    options=(
                        Option(code="street", label=Text(fr="Une rue fermée", en="A closed street")),
                        Option(code="tents", label=Text(fr="Chapiteaux ou scène", en="Tents or a stage")),
                        Option(code="food", label=Text(fr="Vente de nourriture", en="Sale of food")),
                        Option(code="alcohol", label=Text(fr="Alcool", en="Alcohol")),
                        Option(code="fire", label=Text(fr="Feu ou pièces pyrotechniques", en="Fire or fireworks")),
                        Option(code="sound", label=Text(fr="Musique amplifiée", en="Amplified music")),
                    ),
                ),
                File(
                    code="site_plan",
                    label=Text(fr="Plan du site", en="Site plan"),
                    least=1,
                    most=3,
                    required=False,
                    required_when=LARGE,
                ),
                File(
                    code="safety_plan",
                    label=Text(fr="Plan de sécurité et d’urgence", en="Safety and emergency plan"),
                    least=1,
                    most=3,
                    show_when=LARGE,
                ),
                YesNo(
                    code="accessible",
                    label=Text(
                        fr="Le site est-il accessible en fauteuil roulant?", en="Is the site accessible by wheelchair?"
                    ),
                ),
                Consent(
                    code="declaration",
                    label=Text(fr="Déclaration", en="Declaration"),
                    statement=Text(
                        fr="Je respecterai les conditions de l’autorisation et je remettrai les lieux en état.",
                        en="I will respect the conditions of the authorization and restore the site.",
                    ),
                ),
            ),
        ),
    )
)

COMPLETENESS = completeness(EVENT_FORM)

# A small closing of a street does not wait for ever; police and fire safety are never taken to have agreed.
SILENCE = Silence(
    escalate=(60,),
    deemed=Recommendation.FAVOURABLE,
    rule=Text(
        fr="Sans réponse dans le délai, l’avis de la circulation est réputé favorable (règlement sur les événements "
        "publics).",
        en="Without an answer in time, the traffic opinion is deemed favourable (by-law on public events).",
    ),
)
SLOW = Silence(escalate=(60, 90))

OPINIONS = Review(
    code="opinions",
    title=Text(fr="Avis des services", en="Opinions of the departments"),
    tasks=(
        Task(
            code="parks",
            title=Text(fr="Parcs", en="Parks"),
            unit="parks",
            days=5,
            shows=("event_kind", "description", "starts_on", "ends_on", "people", "includes", "site_plan"),
        ),
        Task(
            code="traffic",
            title=Text(fr="Circulation", en="Traffic"),
            unit="roads",
            days=5,
            when=Includes(field="includes", value="street"),
            shows=("event_kind", "starts_on", "ends_on", "opens_at", "closes_at", "people", "site_plan"),
            depends_on=("starts_on", "ends_on", "opens_at", "closes_at", "people", "site_plan", "place"),
            silence=SILENCE,
        ),
        Task(
            code="fire",
            title=Text(fr="Sécurité incendie", en="Fire safety"),
            days=5,
            when=Includes(field="includes", value="fire"),
            shows=("event_kind", "starts_on", "ends_on", "people", "includes", "site_plan", "safety_plan"),
            depends_on=("event_kind", "people", "includes", "site_plan", "safety_plan", "place"),
            silence=SLOW,
        ),
        Task(
            code="police",
            title=Text(fr="Police", en="Police"),
            days=5,
            when=LARGE,
            shows=("event_kind", "starts_on", "ends_on", "opens_at", "closes_at", "people", "includes", "safety_plan"),
            silence=SLOW,
        ),
    ),
)

VALIDITY = Validity(code="permit", title=Text(fr="Autorisation d’événement", en="Event authorization"), until="ends_on")

PERMIT = Document(
    code="permit",
    title=Text(fr="Autorisation d’événement", en="Event authorization"),
    kind="permit",
    number="EVE-{year}-{number:05}",
    lead=Text(fr="Autorise l’événement décrit ci-dessous.", en="Authorizes the event described below."),
    shows=("event_name", "event_kind", "starts_on", "ends_on", "opens_at", "closes_at", "people", "includes"),
    conditions="conditions",
    validity="permit",
    keeps_number=True,
)

EVENT = RequestType(
    code="event",
    title=Text(fr="Autorisation d’événement", en="Event authorization"),
    summary=Text(
        fr="Tenir une fête, un festival, une course, un marché ou un tournage dans un lieu public.",
        en="Hold a party, a festival, a race, a market or a film shoot in a public place.",
    ),
    slug=Text(fr="evenement", en="event"),
    theme=PERMITS,
    icon="calendar",
    about=abouts.EVENT,
    form=EVENT_FORM,
    workflow=authorization_workflow(
        permit_workflow(COMPLETENESS, OPINIONS, VALIDITY, PERMIT, REFUSAL, SUPPLEMENT_LETTER)
    ),
    place=PlaceRule(
        shapes=("point", "polygon"), label=Text(fr="Où se tiendra l’événement?", en="Where will the event take place?")
    ),
    identity=IdentityRule(modes=("named",)),
    service_levels=(
        ServiceLevel(
            code="small",
            title=Text(
                fr="Fête de voisins : décision",
                en="Block party: decision",
            ),
            business_days=10,
            until="decided",
            when=Is(field="event_kind", value="neighbours"),
        ),
        ServiceLevel(
            code="standard",
            title=Text(fr="Décision", en="Decision"),
            business_days=30,
            until="decided",
        ),
    ),
    category="event_kind",
    retention=SEVEN_YEARS,
    visibility=Visibility(public=False, similar_within=30, similar_days=365),
    messages=authorization_messages(permit_messages(charged=False)),
    parts=(
        VALIDITY,
        PERMIT,
        REFUSAL,
        SUPPLEMENT_LETTER,
        COMPLETENESS,
        OPINIONS,
    ),
    overlaps=Overlap(first="starts_on", last="ends_on", types=("occupation",)),
    keywords=(
        Text(
            fr="événement, fête de voisins, fête de quartier, fête de rue, festival, spectacle, concert",
            en="event, block party, street party, festival, show, concert",
        ),
        Text(
            fr="course à pied, marche, tournoi, marché public, vente de garage, vente-débarras, tournage, film",
            en="race, run, walk, tournament, market, garage sale, yard sale, filming, movie shoot",
        ),
        Text(
            fr="réserver un parc, mariage au parc, pique-nique, rassemblement, cérémonie, feu de joie, feux d’artifice",
            en="book a park, wedding in the park, picnic, gathering, ceremony, bonfire, fireworks",
        ),
    ),
    unlike=(
        Text(
            fr="bruit d’une fête, musique trop forte, fête bruyante, feux d’artifice la nuit",
            en="noise from a party, loud music, noisy party, fireworks at night",
        ),
    ),
    prepare=Text(
        fr="Les dates, le nombre de personnes et, pour un grand événement, le plan du site et le plan de sécurité.",
        en="The dates, the number of people and, for a large event, the site plan and the safety plan.",
    ),
)
