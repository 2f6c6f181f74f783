"""Where a party may stand, and the steps between: studied, opined on, paid, authorised, held."""

from msgspec import structs

from parvis_sdk.conditions import All, AtLeast, Includes, Is, NotBefore
from parvis_sdk.fields import Check, LongText, YesNo
from parvis_sdk.requests import Phase
from parvis_sdk.starter_kit import form
from parvis_sdk.text import Text
from parvis_sdk.workflow import Need, State, Timer, Transition, Workflow, reason_form
from parvis_street_party.questions import ENDS_ON, HELD_ON

RECEIVED = State(
    code="received",
    title=Text(fr="Reçue", en="Received"),
    phase=Phase.RECEIVED,
    story=Text(fr="Nous avons reçu votre demande.", en="We have received your application."),
    brings=("fee.permit.due",),
)
REVIEW = State(
    code="review",
    title=Text(fr="À l’étude", en="Under review"),
    phase=Phase.IN_PROGRESS,
    story=Text(fr="Les services se prononcent.", en="The departments are giving their opinions."),
    brings=("review.opinions.open",),
)
DECIDING = State(
    code="deciding",
    title=Text(fr="Décision à rendre", en="Decision due"),
    phase=Phase.IN_PROGRESS,
    story=Text(fr="Tous les avis sont là. La décision suit.", en="All opinions are there. The decision follows."),
)
AUTHORISED = State(
    code="authorised",
    title=Text(fr="Autorisée", en="Authorised"),
    phase=Phase.DECIDED,
    story=Text(fr="La fête est autorisée. Bonne fête!", en="The party is authorised. Enjoy it!"),
)
HELD = State(
    code="held",
    title=Text(fr="Passée", en="Held"),
    phase=Phase.DECIDED,
    story=Text(fr="La fête est passée.", en="The party has been held."),
    timers=(Timer(transition="close", days=30),),
)
CLOSED = State(code="closed", title=Text(fr="Fermée", en="Closed"), phase=Phase.CLOSED)

COVERED_ON = Check(
    must=NotBefore(field="insured_until", other="ends_on", days=1),
    says=Text(
        fr="Votre assurance finit le {insured_until}\u00a0: elle ne couvre pas toute la fête, ni le lendemain.",
        en="Your insurance ends on {insured_until}: it does not cover the whole party and the day after.",
    ),
)
OTHER_DAYS = form(
    HELD_ON,
    structs.replace(ENDS_ON, checks=(*ENDS_ON.checks, COVERED_ON)),
    title=Text(fr="Autres jours", en="Other days"),
)
LATE = YesNo(code="late_music", label=Text(fr="Permettre la musique après 23 heures?", en="Allow music after 11 p.m.?"))
CONDITIONS = LongText(
    code="conditions",
    label=Text(fr="Conditions", en="Conditions"),
    help=Text(fr="Une condition par ligne.", en="One condition per line."),
    required=False,
    max_length=2000,
)
NOISE_HEARD = Need(
    fact="review.opinions.given_noise",
    when=All(parts=(Is(field="late_music", value=True), Includes(field="includes", value="music"))),
    says=Text(
        fr="De la musique après 23 heures demande l’avis écrit de l’environnement\u00a0: son silence ne suffit pas.",
        en="Music after 11 p.m. needs a written opinion of the environment department: its silence is not enough.",
    ),
)
POLICE_FOR_MANY = Need(
    fact="review.opinions.favourable",
    when=AtLeast(field="people", value=1_000),
    says=Text(
        fr="Une fête de mille personnes ou plus demande des avis favorables sans condition.",
        en="A party of a thousand people or more needs opinions in favour without conditions.",
    ),
)

WORKFLOW = Workflow(
    states=(RECEIVED, REVIEW, DECIDING, AUTHORISED, HELD, CLOSED),
    transitions=(
        Transition(
            code="study",
            title=Text(fr="Demander les avis", en="Ask for opinions"),
            sources=("received",),
            target="review",
            tone="primary",
        ),
        Transition(
            code="conclude",
            title=Text(fr="Conclure l’étude", en="End the review"),
            sources=("review",),
            target="deciding",
            by=("system", "agent"),
            after=("review.opinions.done",),
            needs=("review.opinions.done",),
            tell=False,
        ),
        Transition(
            code="change_days",
            title=Text(fr="Changer les jours", en="Change the days"),
            sources=("review", "deciding"),
            target="review",
            by=("requester", "agent", "manager"),
            asks=OTHER_DAYS,
        ),
        Transition(
            code="authorise",
            title=Text(fr="Autoriser", en="Authorise"),
            sources=("deciding",),
            target="authorised",
            asks=form(LATE, CONDITIONS, title=Text(fr="Autorisation", en="Permit")),
            needs=("fee.permit.paid", "review.opinions.done"),
            needs_when=(NOISE_HEARD, POLICE_FOR_MANY),
            brings=("validity.permit.valid", "document.permit.issued"),
            tone="primary",
        ),
        Transition(
            code="refuse",
            title=Text(fr="Refuser", en="Refuse"),
            sources=("received", "deciding"),
            target="closed",
            asks=reason_form(Text(fr="Pourquoi", en="Why")),
            tone="warning",
        ),
        Transition(
            code="end",
            title=Text(fr="La fête est passée", en="The party is over"),
            sources=("authorised",),
            target="held",
            by=("system",),
            after=("validity.permit.expired",),
            tell=False,
        ),
        Transition(
            code="close",
            title=Text(fr="Fermer", en="Close"),
            sources=("held",),
            target="closed",
            by=("system", "agent"),
            tell=False,
        ),
        Transition(
            code="withdraw",
            title=Text(fr="Retirer ma demande", en="Withdraw my application"),
            sources=("received", "review", "deciding"),
            target="closed",
            by=("requester",),
            asks=reason_form(required=False),
            brings=("fee.permit.waived",),
        ),
    ),
)
