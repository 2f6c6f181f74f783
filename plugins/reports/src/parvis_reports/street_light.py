"""The report of one or several street lights that are out, flickering or damaged."""

from parvis_reports import abouts
from parvis_reports.messages import report_messages
from parvis_reports.promises import TWO_YEARS, standard, within_a_day
from parvis_reports.questions import call_911, danger, show_and_tell
from parvis_reports.states import Words
from parvis_reports.themes import LIGHTING
from parvis_reports.workflow import report_workflow
from parvis_sdk.children import ChildRule
from parvis_sdk.conditions import Is, Not
from parvis_sdk.fields import PUBLIC, Group, OneOf, Option, ShortText
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import IdentityRule, PlaceRule, RequestType, ServiceLevel, Visibility
from parvis_sdk.text import Text

WHOLE_STREET = Is(field="extent", value="whole_street")

LIGHT = Group(
    code="lights",
    label=Text(fr="Quels lampadaires?", en="Which street lights?"),
    required=False,
    help=Text(
        fr="Une ligne par lampadaire. Sans numéro, décrivez celui que le repère ne montre pas.",
        en="One line for each light. Without a number, describe the one that the pin does not show.",
    ),
    item=Text(fr="Lampadaire", en="Street light"),
    fields=(
        OneOf(
            code="fault",
            label=Text(fr="Qu’est-ce qui ne va pas?", en="What is wrong?"),
            options=(
                Option(code="out", label=Text(fr="Éteint la nuit", en="Out at night")),
                Option(
                    code="flickers",
                    label=Text(fr="Clignote ou s’éteint par moments", en="Flickers or goes out at times"),
                ),
                Option(code="dim", label=Text(fr="Éclaire faiblement", en="Gives little light")),
                Option(code="on_by_day", label=Text(fr="Allumé en plein jour", en="On in daylight")),
                Option(code="broken_globe", label=Text(fr="Globe ou tête brisée", en="Broken globe or head")),
                Option(
                    code="damaged_pole",
                    label=Text(fr="Poteau penché, heurté ou rouillé", en="Pole leaning, hit or rusted"),
                ),
            ),
            privacy=PUBLIC,
        ),
        ShortText(
            code="pole",
            label=Text(fr="Numéro sur le poteau", en="Number on the pole"),
            help=Text(
                fr="Sur une plaque ou un autocollant, à hauteur des yeux. Laissez vide si vous ne le voyez pas.",
                en="On a plate or a sticker, at eye level. Leave empty if you cannot see it.",
            ),
            example=Text(fr="LR-04512", en="LR-04512"),
            required=False,
            max_length=30,
            privacy=PUBLIC,
        ),
        ShortText(
            code="whereabouts",
            label=Text(fr="Où exactement?", en="Where exactly?"),
            example=Text(fr="Devant l’école, côté impair", en="In front of the school, odd-numbered side"),
            required=False,
            max_length=120,
            privacy=PUBLIC,
        ),
    ),
    most=10,
    show_when=Not(part=WHOLE_STREET),
    privacy=PUBLIC,
)

FAULT = Section(
    code="fault",
    title=Text(fr="L’éclairage", en="The lighting"),
    fields=(
        OneOf(
            code="extent",
            label=Text(fr="Combien de lampadaires sont touchés?", en="How many street lights are affected?"),
            options=(
                Option(code="one", label=Text(fr="Un seul", en="Only one")),
                Option(code="several", label=Text(fr="Quelques-uns", en="A few")),
                Option(
                    code="whole_street", label=Text(fr="Toute la rue est dans le noir", en="The whole street is dark")
                ),
            ),
            privacy=PUBLIC,
        ),
        LIGHT,
        danger(
            Text(fr="Y a-t-il un danger?", en="Is there a danger?"),
            Text(
                fr="Oui si des fils sont à nu, si la porte du poteau est ouverte ou s’il menace de tomber.",
                en="Yes if wires are bare, if the door of the pole is open or if the pole may fall.",
            ),
        ),
        call_911(
            Is(field="danger", value=True),
            Text(
                fr=(
                    "Ne touchez ni au poteau ni aux fils et tenez-vous à plus de dix mètres. Si quelqu’un peut s’y "
                    "blesser maintenant, appelez le 911."
                ),
                en=(
                    "Touch neither the pole nor the wires and keep more than ten metres away. If someone could get "
                    "hurt now, call 911."
                ),
            ),
        ),
    ),
)

WORDS = Words(
    planned=Text(fr="La réparation du lampadaire est planifiée.", en="The repair of the street light is planned."),
    working=Text(
        fr="Les électriciens travaillent à rétablir l’éclairage.",
        en="Electricians are working to restore the lighting.",
    ),
    done=Text(
        fr=("Une équipe est passée et l’éclairage fonctionne. S’il reste éteint le soir, dites-le-nous."),
        en="A crew came by and the lighting works. If it stays off after dark, tell us.",
    ),
    contractor=Text(
        fr=(
            "Le signalement est transmis au propriétaire ou à l’entretien du réseau d’éclairage. Nous en suivons "
            "l’avancement."
        ),
        en=("The report was passed to the owner or maintainer of the lighting network. We are following its progress."),
    ),
    grounds=(
        Option(
            code="normal_dimming",
            label=Text(fr="Baisse d’intensité voulue la nuit", en="Dimmed at night on purpose"),
        ),
        Option(code="private_light", label=Text(fr="Éclairage privé", en="Private light")),
    ),
)

STREET_LIGHT = RequestType(
    code="street_light",
    title=Text(fr="Lampadaire éteint ou brisé", en="Street light out or damaged"),
    summary=Text(
        fr="Un ou plusieurs lampadaires éteints, clignotants, allumés le jour ou endommagés.",
        en="One or several street lights that are out, flickering, on by day or damaged.",
    ),
    slug=Text(fr="lampadaire", en="street-light"),
    theme=LIGHTING,
    icon="light",
    about=abouts.STREET_LIGHT,
    form=Form(
        sections=(
            FAULT,
            show_and_tell(
                Text(
                    fr="Une photo du poteau et de son numéro, prise de jour, aide à le trouver.",
                    en="A photo of the pole and its number, taken by day, helps to find it.",
                ),
                Text(
                    fr="Il s’éteint vers 22 h et se rallume dix minutes plus tard.",
                    en="It goes out around 10 p.m. and comes back ten minutes later.",
                ),
            ),
        )
    ),
    workflow=report_workflow(WORDS),
    place=PlaceRule(
        label=Text(fr="Où est le lampadaire?", en="Where is the street light?"),
        assets="street_lights",
        most_assets=10,
    ),
    children=ChildRule(move="resolve", begins="triage", elsewhere="not_ours"),
    identity=IdentityRule(modes=("named", "anonymous")),
    service_levels=(
        within_a_day(Is(field="danger", value=True)),
        ServiceLevel(
            code="whole_street",
            title=Text(fr="Rue dans le noir : éclairage rétabli", en="Dark street: lighting restored"),
            business_days=2,
            until="decided",
            when=WHOLE_STREET,
        ),
        standard(10),
    ),
    retention=TWO_YEARS,
    visibility=Visibility(similar_within=50, similar_days=60),
    messages=report_messages(
        WORDS,
        received=Text(
            fr=(
                "L’équipe de l’éclairage va l’examiner. Réparation promise au plus tard le {promised}. "
                "Si le poteau n’est pas à la Ville, nous vous le dirons."
            ),
            en=(
                "The lighting crew will look at it. Repair promised by {promised}. If "
                "the pole is not the town’s, we will tell you."
            ),
        ),
    ),
    keywords=(
        Text(
            fr="lampadaire, lampadaires, réverbère, luminaire, lumière de rue",
            en="street light, streetlight, street lamp, lamp post, lamppost",
        ),
        Text(
            fr="lumière brûlée, ampoule brûlée, grillée, éteinte, fermée",
            en="light out, bulb burned out, burnt out, not working, off",
        ),
        Text(
            fr="clignote, flashe, scintille, allumé le jour, allumée en plein jour",
            en="flickers, flickering, blinking, on during the day, always on",
        ),
        Text(
            fr="rue noire, noirceur, pas de lumière, panne d’éclairage, sombre",
            en="dark street, no light, no lights, lighting outage, pitch black",
        ),
        Text(
            fr="poteau penché, poteau frappé, poteau électrique, fils à nu, globe brisé",
            en="leaning pole, pole hit by a car, bare wires, broken globe",
        ),
        Text(
            fr="éclairage défectueux, ne fonctionne plus, ne s’allume plus, éclairage public, lumière qui flashe",
            en="lights do not work, will not turn on, public lighting, flashing light",
        ),
    ),
    unlike=(
        Text(
            fr="feu de circulation, feux de circulation, feu rouge, feu piéton, panneau d’arrêt",
            en="traffic light, traffic lights, traffic signal, red light, pedestrian signal, stop sign",
        ),
    ),
    prepare=Text(
        fr="L’adresse la plus proche et, s’il se lit, le numéro inscrit sur le poteau.",
        en="The nearest address and, if you can read it, the number on the pole.",
    ),
)
