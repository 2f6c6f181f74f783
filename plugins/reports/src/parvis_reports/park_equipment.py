"""The report of something broken in a park: a swing, a bench, a fountain, a rink."""

from parvis_reports import abouts
from parvis_reports.messages import report_messages
from parvis_reports.promises import TWO_YEARS, standard, within_a_day
from parvis_reports.questions import call_911, danger, show_and_tell
from parvis_reports.states import Words
from parvis_reports.themes import GREEN
from parvis_reports.workflow import report_workflow
from parvis_sdk.conditions import Is, Some
from parvis_sdk.fields import PUBLIC, OneOf, Option, ShortText, YesNo
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import IdentityRule, PlaceRule, RequestType, Visibility
from parvis_sdk.text import Text

INJURY = Is(field="injury", value=True)
DANGEROUS = Some(parts=(INJURY, Is(field="danger", value=True)))

EQUIPMENT = Section(
    code="equipment",
    title=Text(fr="L’équipement", en="The equipment"),
    fields=(
        OneOf(
            code="kind",
            label=Text(fr="De quel équipement s’agit-il?", en="Which equipment is it?"),
            options=(
                Option(code="play_structure", label=Text(fr="Module de jeu ou glissade", en="Play structure or slide")),
                Option(code="swing", label=Text(fr="Balançoire", en="Swing")),
                Option(code="water_play", label=Text(fr="Jeux d’eau ou pataugeoire", en="Splash pad or wading pool")),
                Option(
                    code="sports_field",
                    label=Text(fr="Terrain de sport, panier, filet, but", en="Sports field, hoop, net, goal"),
                ),
                Option(code="rink", label=Text(fr="Patinoire ou bandes", en="Rink or boards")),
                Option(code="furniture", label=Text(fr="Banc, table ou poubelle", en="Bench, table or bin")),
                Option(code="fountain", label=Text(fr="Fontaine à boire", en="Drinking fountain")),
                Option(code="fence", label=Text(fr="Clôture ou barrière", en="Fence or gate")),
                Option(code="building", label=Text(fr="Chalet de parc ou toilettes", en="Park building or washrooms")),
                Option(code="other", label=Text(fr="Autre chose", en="Something else")),
            ),
            privacy=PUBLIC,
        ),
        OneOf(
            code="fault",
            label=Text(fr="Qu’est-ce qui ne va pas?", en="What is wrong?"),
            required=False,
            options=(
                Option(code="broken", label=Text(fr="Brisé ou pièce manquante", en="Broken or a part missing")),
                Option(code="sharp", label=Text(fr="Coupant, coincé ou instable", en="Sharp, jammed or unstable")),
                Option(code="not_working", label=Text(fr="Ne fonctionne pas ou fuit", en="Not working or leaking")),
                Option(code="vandalised", label=Text(fr="Vandalisé ou brûlé", en="Vandalized or burned")),
                Option(code="dirty", label=Text(fr="Sale ou insalubre", en="Dirty or unsanitary")),
                Option(code="worn", label=Text(fr="Usé", en="Worn out")),
            ),
            privacy=PUBLIC,
        ),
        ShortText(
            code="park",
            label=Text(fr="Dans quel parc?", en="In which park?"),
            help=Text(fr="Inutile si le repère est bien placé.", en="Not needed if the pin is well placed."),
            example=Text(fr="Parc des Érables, près de l’aire de jeu", en="Parc des Érables, near the play area"),
            required=False,
            max_length=120,
            privacy=PUBLIC,
        ),
        danger(
            Text(fr="Quelqu’un peut-il s’y blesser?", en="Could someone get hurt on it?"),
            Text(
                fr="Surtout un enfant : bord coupant, vis sortie, pièce qui se détache.",
                en="A child above all: sharp edge, screw sticking out, part coming off.",
            ),
        ),
        YesNo(
            code="injury",
            label=Text(fr="Quelqu’un s’y est-il déjà blessé?", en="Has someone already been hurt on it?"),
            help=Text(
                fr="Ne nommez personne. Nous fermons l’équipement et l’inspectons.",
                en="Do not name anyone. We close the equipment and inspect it.",
            ),
        ),
        call_911(INJURY),
    ),
)

WORDS = Words(
    planned=Text(fr="La réparation de l’équipement est planifiée.", en="The repair of the equipment is planned."),
    working=Text(fr="Une équipe des parcs répare l’équipement.", en="A parks crew is repairing the equipment."),
    done=Text(
        fr="Une équipe est passée : l’équipement est réparé, remplacé ou retiré.",
        en="A crew came by: the equipment is repaired, replaced or removed.",
    ),
    grounds=(
        Option(code="closed_for_season", label=Text(fr="Fermé pour la saison", en="Closed for the season")),
        Option(code="to_be_replaced", label=Text(fr="Remplacement déjà prévu", en="Replacement already planned")),
    ),
)

PARK_EQUIPMENT = RequestType(
    code="park_equipment",
    title=Text(fr="Équipement de parc brisé", en="Damaged park equipment"),
    summary=Text(
        fr="Un jeu, un banc, une fontaine, une patinoire ou un terrain de sport à réparer.",
        en="A play structure, a bench, a fountain, a rink or a sports field to repair.",
    ),
    slug=Text(fr="equipement-de-parc", en="park-equipment"),
    theme=GREEN,
    icon="park",
    about=abouts.PARK_EQUIPMENT,
    form=Form(
        sections=(
            EQUIPMENT,
            show_and_tell(
                Text(
                    fr="Une photo du bris, sans enfant dans l’image.",
                    en="A photo of the damage, with no child in the picture.",
                ),
                Text(fr="La chaîne de gauche est décrochée.", en="The left chain has come off."),
            ),
        )
    ),
    workflow=report_workflow(WORDS),
    place=PlaceRule(
        label=Text(fr="Où est l’équipement?", en="Where is the equipment?"), assets="equipment", most_assets=3
    ),
    identity=IdentityRule(modes=("named", "anonymous")),
    service_levels=(within_a_day(DANGEROUS), standard(10)),
    retention=TWO_YEARS,
    visibility=Visibility(similar_within=60, similar_days=45),
    messages=report_messages(
        WORDS,
        received=Text(
            fr=(
                "L’équipe des parcs va s’en occuper au plus tard le {promised}. Un équipement dangereux est fermé "
                "d’abord, puis réparé."
            ),
            en=(
                "The parks crew will take care of it by {promised}. Dangerous equipment is closed first, then repaired."
            ),
        ),
    ),
    keywords=(
        Text(
            fr="parc, équipement de parc, aire de jeu, terrain de jeu, module de jeu brisé",
            en="park, park equipment, playground, play area, play structure broken",
        ),
        Text(
            fr="balançoire cassée, glissade brisée, toboggan, bascule, carré de sable",
            en="broken swing, slide, seesaw, sandbox, monkey bars",
        ),
        Text(
            fr="banc brisé, table à pique-nique, poubelle de parc, abreuvoir, fontaine d’eau",
            en="broken bench, picnic table, park bin, drinking fountain, water fountain",
        ),
        Text(
            fr="jeux d’eau, pataugeoire, fuite, fuit, fuient, ne coule pas",
            en="splash pad, wading pool, water park, leaking, no water",
        ),
        Text(
            fr=(
                "terrain de soccer, baseball, tennis, basketball, panier, filet déchiré, but, manquant, patinoire, "
                "bandes"
            ),
            en="soccer field, baseball diamond, tennis court, basketball hoop, torn net, goal, missing, rink, boards",
        ),
        Text(
            fr="clôture du parc, chalet de parc, toilettes, enfant blessé, dangereux",
            en="park fence, park building, washrooms, child hurt, dangerous, unsafe",
        ),
        Text(
            fr="glissoire, jeu d’enfants, jeu pour enfants, tape-cul, échelle, planche brisée, métal qui dépasse, "
            "clou qui dépasse",
            en="children’s game, kids’ play structure, ladder, broken board, sharp metal, sticking out",
        ),
        Text(
            fr="toilette bouchée, lattes de banc, clôture de baseball, filet de soccer, panier arraché, "
            "lumière de patinoire",
            en="blocked toilet, bench slats, backstop, torn soccer net, bent hoop",
        ),
    ),
    unlike=(
        Text(
            fr="réserver un terrain, réservation, location de salle, horaire, wifi",
            en="book a field, booking, rent a room, schedule, opening hours, wifi",
        ),
    ),
    prepare=Text(
        fr="Le nom du parc ou l’adresse la plus proche, et une photo du bris si possible.",
        en="The name of the park or the nearest address, and a photo of the damage if you can.",
    ),
)
