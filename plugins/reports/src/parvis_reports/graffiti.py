"""The report of graffiti on public or private property; hateful words go first."""

from parvis_reports import abouts
from parvis_reports.messages import report_messages
from parvis_reports.promises import TWO_YEARS, standard
from parvis_reports.questions import show_and_tell
from parvis_reports.states import Words
from parvis_reports.themes import CLEANLINESS
from parvis_reports.workflow import report_workflow
from parvis_sdk.conditions import All, Is
from parvis_sdk.fields import PUBLIC, Consent, OneOf, Option, YesNo
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import IdentityRule, PlaceRule, RequestType, ServiceLevel, Visibility
from parvis_sdk.text import Text

PRIVATE = Is(field="property", value="private")
HATEFUL = Is(field="hateful", value=True)

MARKS = Section(
    code="marks",
    title=Text(fr="Le graffiti", en="The graffiti"),
    fields=(
        OneOf(
            code="surface",
            means="marked_surface",
            label=Text(fr="Sur quoi est-il?", en="What is it on?"),
            required=False,
            options=(
                Option(code="wall", label=Text(fr="Un mur ou une clôture", en="A wall or a fence")),
                Option(
                    code="door",
                    label=Text(fr="Une porte, une vitrine ou un garage", en="A door, a shop window or a garage"),
                ),
                Option(
                    code="furniture",
                    label=Text(fr="Un banc, une poubelle ou un abribus", en="A bench, a bin or a bus shelter"),
                ),
                Option(code="sign", label=Text(fr="Un panneau de signalisation", en="A road sign")),
                Option(
                    code="pole_or_box",
                    label=Text(fr="Un poteau ou une armoire de rue", en="A pole or a street cabinet"),
                ),
                Option(
                    code="bridge",
                    label=Text(fr="Un pont, un viaduc ou un tunnel", en="A bridge, an overpass or a tunnel"),
                ),
                Option(
                    code="play_area",
                    label=Text(fr="Un module de jeu ou un bâtiment de parc", en="A play structure or a park building"),
                ),
                Option(
                    code="ground_or_tree",
                    label=Text(fr="Le sol, un arbre ou autre chose", en="The ground, a tree or something else"),
                ),
            ),
            privacy=PUBLIC,
        ),
        OneOf(
            code="size",
            means="marks_size",
            label=Text(fr="De quelle taille?", en="How large?"),
            required=False,
            options=(
                Option(
                    code="small",
                    label=Text(fr="Plus petit qu’une feuille de papier", en="Smaller than a sheet of paper"),
                ),
                Option(code="medium", label=Text(fr="Jusqu’à la taille d’une porte", en="Up to the size of a door")),
                Option(code="large", label=Text(fr="Plus grand qu’une porte", en="Larger than a door")),
            ),
            privacy=PUBLIC,
        ),
        YesNo(
            code="hateful",
            label=Text(fr="Est-il haineux, menaçant ou obscène?", en="Is it hateful, threatening or obscene?"),
            help=Text(
                fr=(
                    "Propos contre un groupe de personnes, menaces, symboles haineux, images sexuelles. Nous "
                    "l’effaçons en priorité."
                ),
                en="Words against a group of people, threats, symbols of hate, sexual images. We remove it first.",
            ),
        ),
    ),
)

OWNERSHIP = Section(
    code="ownership",
    title=Text(fr="À qui est la surface?", en="Whose surface is it?"),
    fields=(
        OneOf(
            code="property",
            label=Text(fr="La surface est-elle publique ou privée?", en="Is the surface public or private?"),
            required=False,
            options=(
                Option(
                    code="public",
                    label=Text(fr="Publique", en="Public"),
                    help=Text(fr="Rue, parc, bâtiment de la Ville", en="Street, park, town building"),
                ),
                Option(
                    code="private",
                    label=Text(fr="Privée", en="Private"),
                    help=Text(fr="Maison, commerce, immeuble", en="House, shop, apartment building"),
                ),
                Option(code="unknown", label=Text(fr="Je ne sais pas", en="I do not know")),
            ),
        ),
        YesNo(
            code="owner",
            label=Text(fr="En êtes-vous propriétaire?", en="Are you the owner?"),
            help=Text(
                fr="Sur un terrain privé, nous avons besoin de l’accord du propriétaire pour nettoyer.",
                en="On private property, we need the owner’s consent to clean.",
            ),
            show_when=PRIVATE,
        ),
        Consent(
            code="access",
            label=Text(fr="Accord du propriétaire", en="Owner’s consent"),
            statement=Text(
                fr=(
                    "J’autorise la Ville à entrer sur le terrain et à nettoyer la surface. Le nettoyage peut laisser "
                    "une trace légère."
                ),
                en="I allow the town to enter the property and to clean the surface. Cleaning may leave a faint mark.",
            ),
            required=False,
            show_when=All(parts=(PRIVATE, Is(field="owner", value=True))),
        ),
    ),
)

WORDS = Words(
    planned=Text(fr="Le nettoyage du graffiti est planifié.", en="The cleaning of the graffiti is planned."),
    working=Text(fr="Une équipe nettoie ou va nettoyer la surface.", en="A crew is cleaning the surface or about to."),
    done=Text(fr="Une équipe est passée effacer le graffiti.", en="A crew came by and removed the graffiti."),
    grounds=(
        Option(code="mural", label=Text(fr="Murale ou œuvre autorisée", en="Authorized mural or artwork")),
        Option(code="no_consent", label=Text(fr="Accord du propriétaire manquant", en="Owner’s consent missing")),
        Option(
            code="fragile",
            label=Text(fr="Surface trop fragile pour être nettoyée", en="Surface too fragile to be cleaned"),
        ),
    ),
)

GRAFFITI = RequestType(
    code="graffiti",
    title=Text(fr="Graffiti", en="Graffiti"),
    summary=Text(
        fr="Un graffiti ou un tag à effacer, sur une surface publique ou privée.",
        en="Graffiti or a tag to remove, on a public or private surface.",
    ),
    slug=Text(fr="graffiti", en="graffiti"),
    theme=CLEANLINESS,
    icon="spray",
    about=abouts.GRAFFITI,
    form=Form(
        sections=(
            MARKS,
            OWNERSHIP,
            show_and_tell(
                Text(
                    fr="Une photo permet d’apporter le bon produit. Elle n’est jamais montrée au public.",
                    en="A photo lets us bring the right product. It is never shown to the public.",
                ),
                Text(
                    fr="Il est à trois mètres du sol : il faudra une échelle.",
                    en="It is three metres up: a ladder will be needed.",
                ),
            ),
        )
    ),
    workflow=report_workflow(WORDS),
    place=PlaceRule(label=Text(fr="Où est le graffiti?", en="Where is the graffiti?"), precision=50),
    identity=IdentityRule(modes=("named", "anonymous")),
    service_levels=(
        ServiceLevel(
            code="hateful",
            title=Text(fr="Graffiti haineux : effacé", en="Hateful graffiti: removed"),
            business_days=1,
            until="decided",
            when=HATEFUL,
        ),
        standard(10),
    ),
    retention=TWO_YEARS,
    visibility=Visibility(similar_within=40, similar_days=60),
    messages=report_messages(
        WORDS,
        received=Text(
            fr=(
                "L’équipe de la propreté va passer au plus tard le {promised}. Un graffiti haineux est effacé en "
                "priorité. Sur une surface privée, nous communiquons d’abord avec le propriétaire."
            ),
            en=(
                "The cleaning crew will come by {promised}. Hateful graffiti is removed first. On a "
                "private surface, we first get in touch with the owner."
            ),
        ),
    ),
    keywords=(
        Text(
            fr="graffiti, graffitis, tag, tags, gribouillage, barbouillage",
            en="graffiti, tag, tags, tagging, scribble, spray paint",
        ),
        Text(
            fr="mur vandalisé, vandalisme, peinture sur un mur, porte, garage, vitrine, bombe aérosol",
            en="vandalized wall, vandalism, painted wall, door, garage, shop window",
        ),
        Text(
            fr="graffiti haineux, croix gammée, propos racistes, insulte, antisémite, homophobe, obscène",
            en="hate graffiti, swastika, racist words, slur, antisemitic, homophobic, obscene",
        ),
        Text(fr="effacer, nettoyer, enlever un graffiti", en="remove, clean, erase, scrub graffiti"),
        Text(fr="affiches collées, autocollants, affichage sauvage", en="posters, stickers, flyposting"),
        Text(
            fr="peinturer un mur, peinture en canette, aérosol, dessin, inscription, écrire sur un mur, mur sali",
            en="painted on the wall, spray can, drawing, writing on the wall, defaced",
        ),
        Text(
            fr="message haineux, inscription raciste, propos haineux, insultes peintes",
            en="hateful message, racist graffiti, painted slur, hate speech",
        ),
    ),
    prepare=Text(
        fr="L’endroit, une photo si possible et, pour une surface privée, l’accord du propriétaire.",
        en="The place, a photo if you can and, for a private surface, the owner’s consent.",
    ),
)
