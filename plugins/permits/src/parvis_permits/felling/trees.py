"""The questions about the trees to be felled, one entry for each."""

from parvis_sdk.conditions import Is
from parvis_sdk.fields import (
    File,
    Group,
    Information,
    LongText,
    Number,
    OneOf,
    Option,
    Photo,
    ShortText,
    YesNo,
)
from parvis_sdk.forms import Section
from parvis_sdk.text import Text

URGENT = Is(field="urgent", value=True)

TREES = Group(
    code="trees",
    label=Text(fr="Quels arbres voulez-vous abattre?", en="Which trees do you want to fell?"),
    help=Text(
        fr="Remplissez une fiche par arbre. Pour une haie ou des arbres identiques, remplissez une "
        "seule fiche et indiquez leur nombre.",
        en="Fill in one entry for each tree. For a hedge or identical trees, fill in one entry and give their number.",
    ),
    item=Text(fr="Arbre", en="Tree"),
    most=20,
    fields=(
        ShortText(
            code="species",
            label=Text(fr="Essence", en="Species"),
            help=Text(
                fr="Si vous ne la connaissez pas, écrivez «\u00a0inconnue\u00a0» et joignez une photo des feuilles.",
                en="If you do not know it, write “unknown” and attach a photo of the leaves.",
            ),
            example=Text(fr="Érable argenté", en="Silver maple"),
            max_length=80,
        ),
        Number(
            code="diameter",
            label=Text(fr="Diamètre du tronc", en="Diameter of the trunk"),
            help=Text(
                fr="Mesurez le tour à 1,3 m du sol et divisez par 3,14.",
                en="Measure around the trunk 1.3 m above the ground and divide by 3.14.",
            ),
            example=Text(fr="35", en="35"),
            least=1,
            most=400,
            unit=Text(fr="cm", en="cm"),
        ),
        Number(
            code="count",
            label=Text(fr="Combien d’arbres identiques?", en="How many identical trees?"),
            example=Text(fr="1", en="1"),
            least=1,
            most=200,
        ),
        OneOf(
            code="reason",
            label=Text(fr="Pourquoi l’abattre?", en="Why fell it?"),
            options=(
                Option(code="dead", label=Text(fr="Il est mort", en="It is dead")),
                Option(code="dangerous", label=Text(fr="Il est dangereux", en="It is dangerous")),
                Option(
                    code="sick",
                    label=Text(fr="Il est malade ou infesté", en="It is diseased or infested"),
                    help=Text(
                        fr="Agrile du frêne, maladie hollandaise de l’orme", en="Emerald ash borer, Dutch elm disease"
                    ),
                ),
                Option(
                    code="damage",
                    label=Text(fr="Il endommage un bâtiment ou une conduite", en="It damages a building or a pipe"),
                ),
                Option(
                    code="works",
                    label=Text(fr="Il empêche des travaux autorisés", en="It is in the way of authorized work"),
                ),
                Option(code="crowding", label=Text(fr="Il nuit à d’autres arbres", en="It harms other trees")),
                Option(code="other", label=Text(fr="Autre raison", en="Another reason")),
            ),
        ),
        LongText(
            code="explanation",
            label=Text(fr="Expliquez en quelques mots", en="Explain in a few words"),
            example=Text(fr="Le tronc est fendu depuis la tempête.", en="The trunk has been split since the storm."),
            required=False,
            max_length=1000,
            rows=3,
        ),
        Photo(
            code="photos",
            label=Text(fr="Photos de l’arbre", en="Photos of the tree"),
            help=Text(
                fr="L’arbre entier, le tronc, et ce qui justifie l’abattage. Sans photo, une visite est nécessaire.",
                en="The whole tree, the trunk, and what justifies the felling. Without a photo, a visit is needed.",
            ),
            required=False,
            most=4,
        ),
    ),
)

TREES_SECTION = Section(
    code="trees_to_fell",
    title=Text(fr="Les arbres", en="The trees"),
    fields=(
        TREES,
        YesNo(
            code="urgent",
            label=Text(fr="Un arbre menace-t-il de tomber?", en="Is a tree about to fall?"),
            help=Text(
                fr="Sur une maison, une rue ou un passage. La demande est alors étudiée en priorité.",
                en="On a house, a street or a walkway. The application is then given priority.",
            ),
        ),
        Information(
            code="emergency",
            label=Text(fr="Danger immédiat?", en="Immediate danger?"),
            body=Text(
                fr=(
                    "Éloignez les gens et, si quelqu’un risque d’être blessé maintenant, appelez le 911. Prenez des "
                    "photos avant toute coupe d’urgence."
                ),
                en=(
                    "Keep people away and, if someone could be hurt now, call 911. Take photos before any emergency "
                    "cutting."
                ),
            ),
            tone="warning",
            show_when=URGENT,
        ),
        File(
            code="arborist_report",
            label=Text(
                fr="Rapport d’arboriculteur ou d’ingénieur forestier", en="Report of an arborist or forest engineer"
            ),
            help=Text(
                fr="Il peut être exigé pour un arbre malade, dangereux ou de grande taille.",
                en="It may be required for a diseased, dangerous or large tree.",
            ),
            required=False,
            most=3,
        ),
    ),
)
