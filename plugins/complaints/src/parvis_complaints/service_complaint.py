"""The complaint about a service of the town, an employee or a decision."""

from parvis_complaints import abouts
from parvis_complaints.messages import review_messages
from parvis_complaints.privacy import EMPLOYEE, STORY, THREE_YEARS
from parvis_complaints.questions import evidence
from parvis_complaints.review import review_workflow
from parvis_complaints.themes import CITY_SERVICES
from parvis_sdk.conditions import Includes, Is
from parvis_sdk.fields import Date, LongText, OneOf, Option, SeveralOf, ShortText, YesNo
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import IdentityRule, PlaceRule, RequestType, ServiceLevel, Visibility
from parvis_sdk.text import Text

DISCRIMINATION = Includes(field="issues", value="discrimination")

ABOUT = Section(
    code="about",
    title=Text(fr="L’objet de la plainte", en="What the complaint is about"),
    fields=(
        OneOf(
            code="about",
            label=Text(fr="Quel est l’objet de votre plainte?", en="What is your complaint about?"),
            options=(
                Option(
                    code="service",
                    label=Text(fr="Service mal rendu ou non rendu", en="Service provided poorly or not at all"),
                ),
                Option(
                    code="employee",
                    label=Text(fr="Comportement d’une employée ou d’un employé", en="The behaviour of an employee"),
                ),
                Option(
                    code="contractor",
                    label=Text(fr="Entreprise qui travaille pour la Ville", en="A company working for the town"),
                ),
                Option(
                    code="decision",
                    label=Text(fr="Décision rendue ou règle appliquée", en="A decision made or a rule applied"),
                ),
            ),
        ),
        OneOf(
            code="service",
            label=Text(fr="Quel service est concerné?", en="Which service is concerned?"),
            options=(
                Option(
                    code="public_works",
                    label=Text(fr="Travaux publics, voirie, parcs", en="Public works, roads, parks"),
                ),
                Option(code="snow", label=Text(fr="Déneigement", en="Snow clearing")),
                Option(code="collection", label=Text(fr="Collectes", en="Waste collection")),
                Option(code="permits", label=Text(fr="Permis et inspections", en="Permits and inspections")),
                Option(
                    code="recreation",
                    label=Text(fr="Loisirs, piscines, bibliothèques", en="Recreation, pools, libraries"),
                ),
                Option(code="taxes", label=Text(fr="Taxes et facturation", en="Taxes and billing")),
                Option(
                    code="reception", label=Text(fr="Accueil, téléphone, site web", en="Front desk, phone, website")
                ),
                Option(
                    code="court", label=Text(fr="Cour municipale et stationnement", en="Municipal court and parking")
                ),
                Option(
                    code="other",
                    label=Text(fr="Un autre service, ou je ne sais pas", en="Another service, or I do not know"),
                ),
            ),
        ),
        SeveralOf(
            code="issues",
            label=Text(fr="Qu’est-ce qui n’a pas fonctionné?", en="What went wrong?"),
            help=Text(fr="Cochez tout ce qui s’applique.", en="Tick all that apply."),
            least=1,
            options=(
                Option(code="delay", label=Text(fr="Délai trop long, pas de réponse", en="Too slow, no answer")),
                Option(code="quality", label=Text(fr="Travail mal fait", en="Work badly done")),
                Option(
                    code="information",
                    label=Text(fr="Information fausse ou contradictoire", en="Wrong or contradictory information"),
                ),
                Option(
                    code="courtesy",
                    label=Text(fr="Manque de respect ou de politesse", en="Lack of respect or courtesy"),
                ),
                Option(
                    code="accessibility",
                    label=Text(
                        fr="Accès difficile (handicap, langue, horaire)",
                        en="Hard to access (disability, language, hours)",
                    ),
                ),
                Option(
                    code="discrimination",
                    label=Text(fr="Discrimination ou harcèlement", en="Discrimination or harassment"),
                ),
                Option(code="other", label=Text(fr="Autre chose", en="Something else")),
            ),
        ),
        ShortText(
            code="employee",
            label=Text(fr="De qui s’agit-il?", en="Who is it?"),
            help=Text(
                fr=("Un nom, une fonction, un numéro de véhicule. Seule la personne chargée de l’examen le lit."),
                en="A name, a position, a vehicle number. Only the person in charge of the review reads it.",
            ),
            required=False,
            show_when=Is(field="about", value="employee"),
            privacy=EMPLOYEE,
        ),
    ),
)

FACTS = Section(
    code="facts",
    title=Text(fr="Les faits", en="The facts"),
    fields=(
        Date(
            code="happened_on",
            means="happened_on",
            label=Text(fr="Quand cela s’est-il passé?", en="When did it happen?"),
            help=Text(fr="Le premier jour, si cela a duré.", en="The first day, if it went on."),
            earliest=-1825,
            latest=0,
        ),
        LongText(
            code="description",
            means="description",
            label=Text(fr="Décrivez ce qui s’est passé", en="Describe what happened"),
            help=Text(
                fr="Les faits, dans l’ordre : qui, quoi, où, et ce qui vous a été dit.",
                en="The facts, in order: who, what, where, and what you were told.",
            ),
            example=Text(
                fr="J’ai appelé trois fois depuis le 3 mars. On m’a promis un rappel qui n’est jamais venu.",
                en="I have called three times since March 3. I was promised a call back that never came.",
            ),
            min_length=20,
            max_length=8000,
            rows=8,
            privacy=STORY,
        ),
        ShortText(
            code="earlier_reference",
            label=Text(
                fr="Numéro d’une requête liée, si vous en avez un", en="Number of a related request, if you have one"
            ),
            example=Text(fr="7K3M-9QXT-4", en="7K3M-9QXT-4"),
            required=False,
            max_length=40,
        ),
        evidence(
            Text(
                fr="Lettre, capture d’écran, facture, photo.",
                en="Letter, screenshot, bill, photo.",
            )
        ),
    ),
)

HOPES = Section(
    code="hopes",
    title=Text(fr="Vos démarches et votre demande", en="What you have done and what you are asking for"),
    fields=(
        YesNo(
            code="tried",
            means="tried_to_settle",
            label=Text(fr="En avez-vous déjà parlé au service?", en="Have you already spoken to the service?"),
            help=Text(
                fr="Ce n’est pas obligatoire, mais c’est souvent le plus rapide.",
                en="You do not have to, but it is often the fastest way.",
            ),
        ),
        LongText(
            code="tried_result",
            means="tried_result",
            label=Text(fr="Que vous a-t-on répondu?", en="What answer did you get?"),
            required=False,
            max_length=2000,
            rows=3,
            show_when=Is(field="tried", value=True),
            privacy=STORY,
        ),
        LongText(
            code="expected",
            label=Text(fr="Que demandez-vous à la Ville?", en="What are you asking the town to do?"),
            example=Text(
                fr="Traiter mon dossier et m’expliquer le retard.",
                en="Handle my file and explain why it took so long.",
            ),
            max_length=2000,
            rows=3,
            privacy=STORY,
        ),
    ),
)

SERVICE_COMPLAINT = RequestType(
    code="service_complaint",
    title=Text(fr="Plainte sur un service de la Ville", en="Complaint about a town service"),
    summary=Text(
        fr="Un service mal rendu, un retard, un manque de courtoisie ou une décision que vous contestez.",
        en="Poor service, a delay, a lack of courtesy or a decision you dispute.",
    ),
    slug=Text(fr="plainte-service", en="service-complaint"),
    theme=CITY_SERVICES,
    icon="person",
    about=abouts.SERVICE_COMPLAINT,
    form=Form(sections=(ABOUT, FACTS, HOPES)),
    workflow=review_workflow(),
    place=PlaceRule(
        need="optional",
        inside=False,
        label=Text(fr="Où cela s’est-il passé?", en="Where did it happen?"),
    ),
    identity=IdentityRule(modes=("confidential", "named")),
    service_levels=(
        ServiceLevel(
            code="discrimination",
            title=Text(
                fr="Discrimination ou harcèlement : réponse",
                en="Discrimination or harassment: answer",
            ),
            business_days=10,
            until="decided",
            when=DISCRIMINATION,
        ),
        ServiceLevel(
            code="standard",
            title=Text(fr="Réponse", en="Answer"),
            business_days=20,
            until="decided",
        ),
    ),
    retention=THREE_YEARS,
    visibility=Visibility(public=False),
    messages=review_messages(
        received=Text(
            fr=(
                "Elle sera examinée par une personne qui n’est pas en cause, et nous vous "
                "répondrons au plus tard le {promised}. Votre plainte ne change rien aux services "
                "auxquels vous avez droit."
            ),
            en=(
                "It will be examined by somebody who is not involved, and we will answer you by "
                "{promised}. Your complaint does not affect the services you are entitled to."
            ),
        ),
    ),
    keywords=(
        Text(
            fr="plainte, se plaindre, porter plainte, réclamation, insatisfait, mécontent, déçu",
            en="complaint, complain, complaining, grievance, unhappy, dissatisfied, disappointed",
        ),
        Text(
            fr="employé impoli, fonctionnaire, col bleu, impolitesse, arrogant, manque de respect",
            en="rude employee, city worker, clerk, impolite, arrogant, disrespect",
        ),
        Text(
            fr=(
                "mauvais service, service à la clientèle, attente, pas de rappel, appels, courriels, délai, retard, "
                "pas de réponse"
            ),
            en=(
                "bad service, poor service, customer service, waiting, nobody called back, calls, emails, delay, no "
                "answer, no reply"
            ),
        ),
        Text(
            fr="discrimination, harcèlement, racisme, injustice, accessibilité",
            en="discrimination, harassment, racism, unfair, accessibility",
        ),
        Text(
            fr="décision injuste, contester, erreur, taxes, facture, constat, ombudsman, protecteur du citoyen",
            en="unfair decision, dispute, appeal, mistake, taxes, bill, ticket, ombudsman",
        ),
        Text(
            fr="entrepreneur, sous-traitant, travail mal fait, bibliothèque, piscine, loisirs",
            en="contractor, subcontractor, work badly done, library, pool, recreation",
        ),
        Text(
            fr="crié après moi, incompétent, attente au téléphone, comptoir, personne ne répond, "
            "jamais de réponse, pas rappelé, traité injustement",
            en="yelled at me, incompetent, waiting on the phone, counter, nobody answers, no answer, "
            "never called back, unfair treatment",
        ),
        Text(
            fr="déposer une plainte, faire une plainte, plainte contre la ville, conduite d’un employé, "
            "travail des cols bleus",
            en="file a complaint, make a complaint, complaint against the city, conduct of an employee, city crew",
        ),
    ),
    unlike=(
        Text(
            fr="horaire, heures d’ouverture, inscription, emploi, compte de taxes, payer, changement d’adresse, "
            "permis de conduire",
            en="opening hours, schedule, registration, register, job, tax bill, pay, change of address, renewal",
        ),
    ),
    prepare=Text(
        fr="La date des faits, les noms ou fonctions si vous les avez, et vos échanges avec le service.",
        en="The date of the facts, names or positions if you have them, and your exchanges with the service.",
    ),
)
