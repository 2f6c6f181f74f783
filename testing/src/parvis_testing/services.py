"""Services of the test portal: a pothole, lights, noise and a plain report, with their common workflow."""

from types import ModuleType

from parvis_sdk.conditions import All, Is
from parvis_sdk.eligibility import Eligibility, Verdict
from parvis_sdk.fields import (
    PUBLIC,
    Consent,
    File,
    Group,
    LongText,
    Number,
    OneOf,
    Option,
    Photo,
    ShortText,
    YesNo,
)
from parvis_sdk.forms import Form, Section
from parvis_sdk.hooks import hookimpl
from parvis_sdk.request_types import (
    IdentityRule,
    PlaceRule,
    RequestType,
    Retention,
    ServiceLevel,
    Theme,
    Visibility,
)
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Transition, Workflow, reason_form


def said(fr: str, en: str) -> Text:
    return Text(fr=fr, en=en)


LIFE = Workflow(
    states=(
        State(
            code="received",
            title=said("Reçue", "Received"),
            phase=Phase.RECEIVED,
            story=said("Nous l’avons reçue.", "We have received it."),
        ),
        State(code="working", title=said("En cours", "Under way"), phase=Phase.IN_PROGRESS),
        State(code="waiting", title=said("En attente", "Waiting"), phase=Phase.WAITING_FOR_YOU),
        State(code="repaired", title=said("Réparé", "Repaired"), phase=Phase.DECIDED),
        State(code="closed", title=said("Fermée", "Closed"), phase=Phase.CLOSED),
    ),
    transitions=(
        Transition(code="start", title=said("Commencer", "Start"), sources=("received",), target="working"),
        Transition(
            code="ask",
            title=said("Poser une question", "Ask"),
            sources=("working",),
            target="waiting",
            asks=reason_form(),
        ),
        Transition(
            code="answer",
            title=said("Répondre à la Ville", "Answer the town"),
            sources=("waiting",),
            target="working",
            by=("requester",),
            asks=reason_form(said("Votre réponse", "Your answer")),
        ),
        Transition(code="repair", title=said("Réparer", "Repair"), sources=("working",), target="repaired"),
        Transition(
            code="not_fixed",
            title=said("Ce n’est pas réparé", "It is not repaired"),
            sources=("repaired", "closed"),
            target="working",
            by=("requester",),
            asks=reason_form(required=False),
        ),
        Transition(code="close", title=said("Fermer", "Close"), sources=("repaired", "working"), target="closed"),
        Transition(
            code="withdraw",
            title=said("Retirer ma requête", "Withdraw my request"),
            sources=("received", "working", "waiting"),
            target="closed",
            by=("requester",),
            asks=reason_form(required=False),
            tone="warning",
        ),
    ),
)
STREETS = Theme(code="streets", title=said("Rues", "Streets"), slug=said("rues", "streets"), icon="road")
NEIGHBOURS = Theme(code="neighbours", title=said("Voisinage", "Neighbours"), slug=said("voisinage", "neighbours"))
SIZES = (
    Option(code="small", label=said("Petit", "Small")),
    Option(code="large", label=said("Grand", "Large")),
)
DO_WE_COME = Eligibility(
    title=said("Passons-nous?", "Do we come?"),
    asks=("size", "depth", "danger"),
    verdicts=(
        Verdict(
            code="small",
            means="not_needed",
            title=said("Nous le verrons bien", "We shall see it"),
            body=said("Rien à signaler.", "Nothing to report."),
            when=All(parts=(Is(field="size", value="small"), Is(field="danger", value=False))),
        ),
        Verdict(code="needed", title=said("Dites-le-nous", "Tell us"), body=said("Nous passerons.", "We will come.")),
    ),
)
HOLE = RequestType(
    code="hole",
    title=said("Nid-de-poule", "Pothole"),
    summary=said("Un trou dans la chaussée.", "A hole in the roadway."),
    slug=said("nid-de-poule", "pothole"),
    theme=STREETS,
    keywords=(said("cratère", "crater"),),
    prepare=said("L’endroit et une photo.", "The place and a photo."),
    eligibility=DO_WE_COME,
    form=Form(
        sections=(
            Section(
                code="what",
                title=said("Le trou", "The hole"),
                fields=(
                    OneOf(code="size", label=said("Quelle taille?", "What size?"), options=SIZES, privacy=PUBLIC),
                    Number(
                        code="depth",
                        label=said("Quelle profondeur?", "How deep?"),
                        least=1,
                        most=200,
                        show_when=Is(field="size", value="large"),
                    ),
                    YesNo(code="danger", label=said("Est-ce dangereux?", "Is it dangerous?"), privacy=PUBLIC),
                ),
            ),
            Section(
                code="danger_now",
                title=said("Le danger", "The danger"),
                fields=(LongText(code="why", label=said("Pourquoi?", "Why?"), max_length=300),),
                show_when=Is(field="danger", value=True),
            ),
            Section(
                code="more",
                title=said("Photos", "Photos"),
                fields=(
                    Photo(code="photos", label=said("Photos du trou", "Photos of the hole"), required=False, most=2),
                    File(code="papers", label=said("Documents", "Documents"), required=False, most=1),
                ),
            ),
        )
    ),
    workflow=LIFE,
    service_levels=(
        ServiceLevel(code="danger", title=said("Danger", "Danger"), hours=24, when=Is(field="danger", value=True)),
        ServiceLevel(code="usual", title=said("Réparation", "Repair"), business_days=5),
    ),
    retention=Retention(days=365),
)
LAMPS = RequestType(
    code="lamps",
    title=said("Lampadaires éteints", "Lights out"),
    summary=said("Un ou plusieurs lampadaires éteints.", "One or more street lights out."),
    slug=said("lampadaires", "lights"),
    theme=STREETS,
    form=Form(
        sections=(
            Section(
                code="which",
                title=said("Les lampadaires", "The lights"),
                fields=(
                    Group(
                        code="lamps",
                        label=said("Lampadaires", "Lights"),
                        item=said("Lampadaire", "Light"),
                        most=3,
                        fields=(
                            ShortText(code="number", label=said("Numéro", "Number")),
                            Photo(code="photo", label=said("Photo", "Photo"), required=False, most=1),
                        ),
                    ),
                    Consent(
                        code="agree",
                        label=said("Accord", "Agreement"),
                        statement=said("Je suis d’accord.", "I agree."),
                    ),
                ),
            ),
        )
    ),
    workflow=LIFE,
    place=PlaceRule(need="none"),
    identity=IdentityRule(modes=("named",)),
    retention=Retention(days=365),
)
NOISE = RequestType(
    code="din",
    title=said("Plainte de bruit", "Noise complaint"),
    summary=said("Un bruit qui dérange.", "A noise that disturbs."),
    slug=said("bruit", "noise"),
    theme=NEIGHBOURS,
    form=Form(
        sections=(
            Section(
                code="what",
                title=said("Le bruit", "The noise"),
                fields=(LongText(code="words", label=said("Quel bruit?", "What noise?")),),
            ),
        )
    ),
    workflow=LIFE,
    place=PlaceRule(need="optional"),
    identity=IdentityRule(modes=("confidential",)),
    occurrence=Form(
        sections=(
            Section(
                code="again",
                title=said("Encore", "Again"),
                fields=(ShortText(code="when", label=said("Quand?", "When?")),),
            ),
        )
    ),
    retention=Retention(days=90),
    visibility=Visibility(public=False),
)


def plugin_of(*types: RequestType) -> ModuleType:
    module = ModuleType("portal_town")

    @hookimpl
    def request_types() -> list[RequestType]:
        return list(types)

    module.request_types = request_types  # type: ignore[attr-defined]
    return module


REPORT = RequestType(
    code="report",
    title=said("Signalement", "Report"),
    summary=said("Signaler quelque chose.", "Report something."),
    slug=said("signalement", "report"),
    theme=STREETS,
    form=Form(
        sections=(
            Section(
                code="what", title=said("Quoi", "What"), fields=(LongText(code="words", label=said("Quoi?", "What?")),)
            ),
        )
    ),
    workflow=LIFE,
    place=PlaceRule(need="none"),
    retention=Retention(days=30),
)
