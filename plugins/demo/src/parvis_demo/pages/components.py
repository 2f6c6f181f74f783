"""The page of components, with believable content in both languages and every question there is, right and wrong."""

from datetime import date, timedelta
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException

from parvis import clock
from parvis.i18n import LANGUAGES, say
from parvis.web.pages import render
from parvis.web.sign_in.guard import ALSO_OFF
from parvis_sdk.contents import Amount, Content, Fact, Facts, Heading, Link, Notice, Table, Words
from parvis_sdk.fields import (
    Address,
    AnyField,
    Consent,
    Date,
    Email,
    File,
    Group,
    Information,
    LongText,
    Money,
    Number,
    OneOf,
    Option,
    Phone,
    Photo,
    PlaceField,
    SeveralOf,
    ShortText,
    Time,
    YesNo,
)
from parvis_sdk.problems import Problems, problem
from parvis_sdk.text import Text

SIZES = (
    Option(code="small", label=Text(fr="Petit", en="Small"), help=Text(fr="Moins d’un pied", en="Less than a foot")),
    Option(code="large", label=Text(fr="Grand", en="Large"), help=Text(fr="Plus d’un pied", en="More than a foot")),
)
SIDES = (
    Option(code="even", label=Text(fr="Côté pair", en="Even side")),
    Option(code="odd", label=Text(fr="Côté impair", en="Odd side")),
    Option(code="middle", label=Text(fr="Au milieu", en="In the middle")),
)
WORDS: dict[str, Text] = {
    "name": Text(fr="Nom de la rue", en="Name of the street"),
    "size": Text(fr="Taille du trou", en="Size of the hole"),
    "hole": Text(fr="Nid-de-poule", en="Pothole"),
    "lamp": Text(fr="Lampadaire éteint", en="Street light out"),
    "address": Text(fr="1234, rue Rachel Est", en="1234, rue Rachel Est"),
    "received": Text(fr="Requête reçue", en="Request received"),
    "planned": Text(fr="Réparation planifiée", en="Repair planned"),
    "crew": Text(fr="Une équipe passera mercredi matin.", en="A crew will come by on Wednesday morning."),
    "roads": Text(fr="Voirie", en="Roads"),
    "photo": Text(fr="trou.jpg", en="hole.jpg"),
    "plan": Text(fr="plan.pdf", en="plan.pdf"),
    "where": Text(fr="Où", en="Where"),
    "place": Text(fr="Le lieu", en="The place"),
    "what": Text(fr="Ce qui se passe", en="What is happening"),
    "contact": Text(fr="Vos coordonnées", en="Your contact details"),
    "sent": Text(fr="Votre requête est envoyée", en="Your request is sent"),
    "read": Text(fr="Vous recevrez un courriel à chaque étape.", en="You will receive an email at each step."),
    "open": Text(fr="Ouvertes", en="Open"),
    "late": Text(fr="En retard", en="Late"),
    "nothing": Text(fr="Rien à montrer ici.", en="Nothing to show here."),
    "more": Text(fr="Pourquoi cette question?", en="Why this question?"),
    "because": Text(
        fr="Elle décide de l’équipe qui se déplace et du délai promis.",
        en="It decides which crew comes, and what response time is promised.",
    ),
    "send": Text(fr="Envoyer", en="Send"),
    "later": Text(fr="Continuer plus tard", en="Continue later"),
    "remove": Text(fr="Retirer la requête", en="Withdraw the request"),
    "requests": Text(fr="Requêtes", en="Requests"),
    "reference": Text(fr="Référence", en="Reference"),
    "count": Text(fr="Nombre", en="Number"),
}
QUESTIONS: tuple[AnyField, ...] = (
    Information(
        code="about",
        label=Text(fr="Urgence?", en="An emergency?"),
        body=Text(fr="Composez le 911 si quelqu’un est en danger.", en="Call 911 if somebody is in danger."),
        tone="warning",
    ),
    ShortText(
        code="name",
        label=WORDS["name"],
        help=Text(fr="Comme sur la plaque.", en="As on the sign."),
        example=Text(fr="rue Rachel Est", en="rue Rachel Est"),
    ),
    LongText(code="words", label=Text(fr="Décrivez la situation", en="Describe the situation"), max_length=500),
    Email(code="email", label=Text(fr="Courriel", en="Email")),
    Phone(code="phone", label=Text(fr="Téléphone", en="Phone"), required=False),
    Number(code="depth", label=Text(fr="Profondeur", en="Depth"), unit=Text(fr="cm", en="cm")),
    Money(code="cost", label=Text(fr="Valeur des travaux", en="Value of the work")),
    Date(code="day", label=Text(fr="Depuis quel jour?", en="Since which day?")),
    Time(code="time", label=Text(fr="À quelle heure?", en="At what time?")),
    YesNo(code="danger", label=Text(fr="Est-ce dangereux?", en="Is it dangerous?")),
    OneOf(code="size", label=WORDS["size"], options=SIZES),
    SeveralOf(code="sides", label=Text(fr="De quel côté?", en="On which side?"), options=SIDES),
    Address(code="home", label=Text(fr="Votre adresse", en="Your address")),
    PlaceField(code="spot", label=Text(fr="L’endroit exact", en="The exact place")),
    Photo(code="photos", label=Text(fr="Photos", en="Photos"), required=False),
    File(code="files", label=Text(fr="Documents", en="Documents"), required=False),
    Group(
        code="lamps",
        label=Text(fr="Les lampadaires", en="The street lights"),
        item=Text(fr="Lampadaire", en="Street light"),
        fields=(ShortText(code="number", label=Text(fr="Numéro sur le poteau", en="Number on the pole")),),
    ),
    Consent(
        code="agreed",
        label=Text(fr="Accord", en="Agreement"),
        statement=Text(fr="J’accepte d’être rappelé.", en="I agree to be called back."),
    ),
)
ANSWERS: dict[str, Any] = {
    "name": "rue Rachel Est",
    "words": "Le trou est caché par une flaque quand il pleut.",
    "email": "zoe@exemple.ca",
    "depth": 12,
    "cost": 123456,
    "day": "2026-11-25",
    "time": "14:30",
    "danger": False,
    "size": "large",
    "sides": ["even", "middle"],
    "home": "1234, rue Rachel Est",
    "lamps": [{"number": "A-118"}, {"number": "A-119"}],
    "agreed": True,
}


ORDER = Text(fr="Bon de travail", en="Work order")
CONTENTS: tuple[Content, ...] = (
    Heading(text=Text(fr="Travaux en cours", en="Works under way")),
    Facts(rows=(Fact(label=ORDER, value="BT-104"), Fact(label=Text(fr="Coût", en="Cost"), value=Amount(cents=123450)))),
    Table(
        caption=Text(fr="Étapes des travaux", en="Steps of the work"),
        columns=(Text(fr="Étape", en="Step"), Text(fr="Jour", en="Day")),
        rows=((Text(fr="Asphalte", en="Asphalt"), date(2026, 12, 1)),),
        more=3,
    ),
    Words(text=Text(fr="Une équipe est en route.", en="A crew is on its way.")),
    Notice(text=Text(fr="La rue est fermée.", en="The street is closed."), tone="warn"),
    Link(
        text=Text(fr="Ouvrir le bon de travail", en="Open the work order"), url="https://works.example.org/orders/104"
    ),
)
"""What a plugin may show, as the host draws it."""
PATHS = {language: f"/{language}/demo/composants" for language in LANGUAGES}
ASKED_IN_VAIN = Problems(
    found=(
        problem("required", "wrong_name", label=WORDS["name"]),
        problem("required", "wrong_size", label=WORDS["size"]),
    )
)


@get(list(PATHS.values()), name="components", opt={ALSO_OFF: True})
async def components_page(request: Request[Any, Any, Any]) -> Response[Any]:
    """What macros draw, each under its name."""
    if not request.app.state.deployment.settings.demo:
        raise NotFoundException
    now = clock.now()
    return render(
        request,
        "demo/components.html",
        fields=QUESTIONS,
        contents=[(type(each).__name__, each) for each in CONTENTS],
        answers=ANSWERS,
        problems=ASKED_IN_VAIN,
        word=lambda name: say(WORDS[name]),
        now=now,
        promised=now + timedelta(days=5),
        alternates=PATHS,
        keep=False,
    )
