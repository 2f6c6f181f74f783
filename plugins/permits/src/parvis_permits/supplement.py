"""What is most often missing from an application, in words that are ready for the agent who studies it."""

from msgspec import structs

from parvis_sdk.conditions import AtLeast
from parvis_sdk.forms import Form
from parvis_sdk.supplements import Reason, Rule, Supplement
from parvis_sdk.text import Text

DRAWN = ("survey", "plans")

COMPLETENESS = Supplement(
    code="completeness",
    title=Text(fr="Compléments à la demande", en="Additional information for the application"),
    days=45,
    remind=(15, 3),
    abandon_after=15,
    warn=10,
    reasons=(
        Reason(
            code="unreadable",
            title=Text(fr="Document illisible", en="Unreadable document"),
            words=Text(
                fr="Le document est difficile à lire. Envoyez-en une copie nette, à l’échelle.",
                en="The document is hard to read. Send a clear copy, to scale.",
            ),
            fields=(*DRAWN, "mandate", "photos"),
        ),
        Reason(
            code="setbacks",
            title=Text(fr="Marges absentes du plan", en="Setbacks not on the plan"),
            words=Text(
                fr="Le plan ne montre pas toutes les marges. Ajoutez la distance entre les travaux et {detail}.",
                en="The plan does not show all setbacks. Add the distance between the work and {detail}.",
            ),
            fields=("plans",),
        ),
        Reason(
            code="outdated",
            title=Text(fr="Certificat de localisation trop ancien", en="Certificate of location too old"),
            words=Text(
                fr="Le certificat de localisation ne montre pas le terrain tel qu’il est aujourd’hui. Il en faut un "
                "qui tienne compte de {detail}.",
                en="The certificate of location does not show the property as it is today. We need one that "
                "includes {detail}.",
            ),
            fields=("survey",),
        ),
        Reason(
            code="unsigned",
            title=Text(fr="Plan ni signé ni scellé", en="Plan neither signed nor sealed"),
            words=Text(
                fr="Ce plan doit porter la signature et le sceau d’un membre d’un ordre professionnel.",
                en="This plan must bear the signature and the seal of a member of a professional order.",
            ),
            fields=("plans",),
        ),
        Reason(
            code="mandate",
            title=Text(fr="Mandat incomplet", en="Incomplete mandate"),
            words=Text(
                fr="Le mandat doit nommer la personne mandatée et être signé par tous les propriétaires.",
                en="The mandate must name the authorized person and be signed by every owner.",
            ),
            fields=("mandate",),
        ),
        Reason(
            code="licence",
            title=Text(fr="Licence RBQ non valide", en="RBQ licence not valid"),
            words=Text(
                fr="Cette licence n’est pas en vigueur au registre de la RBQ, ou ne couvre pas ces travaux.",
                en="This licence is not in force in the RBQ register, or does not cover this work.",
            ),
            fields=("contractor_licence",),
        ),
        Reason(
            code="value",
            title=Text(fr="Valeur des travaux peu plausible", en="Unlikely value of the work"),
            words=Text(
                fr="La valeur ne semble pas couvrir tous les travaux décrits, matériaux et main-d’œuvre compris.",
                en="The value does not seem to cover all the work described, materials and labour included.",
            ),
            fields=("work_value",),
        ),
        Reason(
            code="unclear",
            title=Text(fr="Réponse à préciser", en="Answer to clarify"),
            words=Text(fr="Précisez votre réponse\u00a0: {detail}.", en="Clarify your answer: {detail}."),
        ),
    ),
)
VALUE_OF_AREA = Rule(
    code="value_of_area",
    title=Text(fr="Valeur trop basse pour la superficie", en="Value too low for the floor area"),
    says=Text(
        fr="La valeur des travaux est de moins de 50\u00a0$ par mètre carré ajouté. Vérifiez-la, ou expliquez-la.",
        en="The value of the work is under $50 for each square metre added. Check it, or explain it.",
    ),
    field="work_value",
    must=AtLeast(field="work_value", other="floor_area", times=50_00),
)
"""A zero that was forgotten: asked about before anybody has to find it, for the fees are reckoned from it."""


def completeness(form: Form) -> Supplement:
    """The same for another form: the reasons about questions that it asks."""
    known = {field.code for field in form.fields()}
    reasons = (
        structs.replace(each, fields=tuple(code for code in each.fields if code in known))
        for each in COMPLETENESS.reasons
        if not each.fields or known & set(each.fields)
    )
    return structs.replace(COMPLETENESS, reasons=tuple(reasons))
