"""What is inspected while a building goes up: footings before concrete, the frame before it is closed, the whole."""

from parvis_sdk.inspections import Inspection, Point
from parvis_sdk.text import Text

FROM_THE_START = ("issued", "in_works", "renewing", "renewing_works")


def _rule(number: str) -> Text:
    """An article of the National Building Code, which Québec adopts with its own changes."""
    return Text(fr=f"Code du bâtiment, {number}", en=f"Building Code, {number}")


FOOTING = Inspection(
    code="footing",
    title=Text(fr="Semelles et fondation", en="Footings and foundation"),
    during=FROM_THE_START,
    prepare=Text(
        fr="La visite doit avoir lieu avant le coulage du béton. Laissez l’excavation et le coffrage accessibles.",
        en="The visit must take place before the concrete is poured. Keep the excavation and the forms accessible.",
    ),
    points=(
        Point(
            code="setbacks",
            title=Text(fr="Implantation et marges", en="Location and setbacks"),
            help=Text(fr="Selon le plan d’implantation approuvé.", en="As on the approved site plan."),
            article=Text(fr="Règlement de zonage", en="Zoning by-law"),
            photo=True,
        ),
        Point(
            code="depth",
            title=Text(fr="Profondeur sous la ligne de gel", en="Depth below the frost line"),
            article=_rule("9.12.2.2"),
            photo=True,
        ),
        Point(
            code="footings",
            title=Text(fr="Dimensions des semelles et armature", en="Size of footings and reinforcement"),
            article=_rule("9.15.3"),
        ),
        Point(
            code="drainage",
            title=Text(fr="Drain de fondation et matériau drainant", en="Foundation drain and drainage layer"),
            article=_rule("9.14.3"),
        ),
        Point(
            code="backwater",
            title=Text(fr="Clapet antiretour accessible", en="Accessible backwater valve"),
            article=Text(fr="Règlement sur la plomberie", en="Plumbing by-law"),
        ),
    ),
)

FRAME = Inspection(
    code="frame",
    title=Text(fr="Charpente", en="Framing"),
    follows=("footing",),
    during=FROM_THE_START,
    prepare=Text(
        fr="La visite doit avoir lieu avant la pose de l’isolant et du gypse. Gardez les plans approuvés sur le "
        "chantier.",
        en="The visit must take place before insulation and drywall are installed. Keep the approved plans on site.",
    ),
    points=(
        Point(code="plans", title=Text(fr="Conforme aux plans approuvés", en="As on the approved plans"), photo=True),
        Point(
            code="beams",
            title=Text(fr="Poutres, poteaux et appuis", en="Beams, posts and bearings"),
            article=_rule("9.23.8"),
            photo=True,
        ),
        Point(
            code="walls",
            title=Text(fr="Murs et contreventement", en="Walls and bracing"),
            article=_rule("9.23.13"),
        ),
        Point(
            code="fire",
            title=Text(fr="Coupe-feu et séparations", en="Fire stops and separations"),
            article=_rule("9.10.16"),
            photo=True,
        ),
        Point(
            code="egress",
            title=Text(fr="Issues et fenêtres des chambres", en="Exits and bedroom windows"),
            article=_rule("9.9.10"),
        ),
    ),
)

FINAL = Inspection(
    code="final",
    title=Text(fr="Visite finale", en="Final inspection"),
    follows=("frame",),
    during=FROM_THE_START,
    prepare=Text(
        fr="La visite doit avoir lieu quand tout est terminé, avant que les lieux soient occupés.",
        en="The visit must take place once everything is finished, before anyone moves in.",
    ),
    correct_within=60,
    points=(
        Point(
            code="alarms",
            title=Text(fr="Avertisseurs de fumée et de monoxyde", en="Smoke and carbon monoxide alarms"),
            article=_rule("9.10.19"),
            photo=True,
        ),
        Point(
            code="stairs",
            title=Text(fr="Escaliers, mains courantes et garde-corps", en="Stairs, handrails and guards"),
            article=_rule("9.8"),
            photo=True,
        ),
        Point(
            code="outside",
            title=Text(fr="Revêtement extérieur conforme aux plans", en="Cladding as on the plans"),
            article=Text(fr="Règlement de zonage ou PIIA", en="Zoning by-law or site planning by-law (PIIA)"),
        ),
        Point(
            code="ground",
            title=Text(fr="Pentes et drainage du terrain", en="Grading and drainage of the lot"),
            article=_rule("9.14.6"),
        ),
        Point(
            code="number",
            title=Text(fr="Numéro civique visible de la rue", en="Street number visible from the street"),
        ),
        Point(
            code="pool",
            title=Text(fr="Enceinte de la piscine", en="Pool enclosure"),
            article=Text(
                fr="Règlement sur la sécurité des piscines résidentielles, art. 3 à 7",
                en="Residential Swimming Pool Safety Regulation, ss. 3 to 7",
            ),
            photo=True,
        ),
    ),
)

INSPECTIONS = (FOOTING, FRAME, FINAL)
