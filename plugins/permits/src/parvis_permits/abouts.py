"""What the page of each permit says: for whom, what comes next, and answers that spare an application."""

from parvis_sdk.about import About, Answer
from parvis_sdk.text import Text

TREE_FELLING = About(
    first=True,
    who=Text(
        fr="Le propriétaire du terrain, ou une personne qu’il a mandatée par écrit.",
        en="The owner of the land, or a person authorized in writing by the owner.",
    ),
    next=(
        Text(
            fr="Nous vérifions que le dossier est complet; s’il manque un document, vous l’ajoutez à la même demande.",
            en="We check that the file is complete; a missing document is added to the same application.",
        ),
        Text(
            fr="Un inspecteur examine les arbres, puis vous recevez la décision et ses conditions.",
            en="An inspector examines the trees, then you receive the decision and its conditions.",
        ),
        Text(
            fr="Le certificat exige souvent une plantation de remplacement. Nous vous rappelons la date limite.",
            en="The certificate often requires a replacement planting. We remind you of the due date.",
        ),
    ),
    answers=(
        Answer(
            code="small_tree",
            question=Text(fr="Faut-il un certificat pour un petit arbre?", en="Does a small tree need a certificate?"),
            answer=Text(
                fr="Non, si le tronc fait moins de 15 cm de diamètre à 1,3 m du sol, hors d’une haie protégée.",
                en="Not if the trunk is less than 15 cm across at 1.3 m from the ground, outside a protected hedge.",
            ),
        ),
        Answer(
            code="pruning",
            question=Text(fr="Et pour élaguer?", en="What about pruning?"),
            answer=Text(
                fr="Un élagage de moins du quart du feuillage ne demande aucun certificat.",
                en="Pruning less than a quarter of the crown needs no certificate.",
            ),
        ),
        Answer(
            code="falling_tree",
            question=Text(fr="L’arbre menace de tomber tout de suite?", en="Is the tree about to fall right now?"),
            answer=Text(
                fr="Éloignez-vous et appelez le 911. Vous pourrez ensuite présenter votre demande, avec des photos.",
                en="Move away and call 911. You can apply afterwards, with photos.",
            ),
        ),
    ),
)

CONSTRUCTION = About(
    first=True,
    who=Text(
        fr="Le propriétaire de l’immeuble, ou une personne qu’il a mandatée par écrit.",
        en="The owner of the building, or a person authorized in writing by the owner.",
    ),
    next=(
        Text(
            fr="Nous vérifions que le dossier est complet; le délai de décision court à partir de ce moment.",
            en="We check that the file is complete; the time to decide starts then.",
        ),
        Text(
            fr="Les services concernés (zonage, incendie, génie, comité d’urbanisme) donnent leur avis.",
            en="The departments concerned (zoning, fire, engineering, planning committee) give their opinions.",
        ),
        Text(
            fr="Le permis est délivré après l’approbation et le paiement. Un inspecteur suit les travaux.",
            en="The permit is issued after approval and payment. An inspector follows the work.",
        ),
    ),
    answers=(
        Answer(
            code="upkeep",
            question=Text(
                fr="Faut-il un permis pour peindre, refaire un plancher ou changer une armoire?",
                en="Do I need a permit to paint, redo a floor or replace a cupboard?",
            ),
            answer=Text(
                fr="Non. L’entretien et les finitions intérieures qui ne touchent ni à la "
                "structure ni aux ouvertures n’en exigent pas.",
                en="No. Upkeep and interior finishes that touch neither the structure nor the openings need none.",
            ),
        ),
        Answer(
            code="small_shed",
            question=Text(fr="Et pour un petit cabanon?", en="What about a small shed?"),
            answer=Text(
                fr="Un seul cabanon de 10 m² ou moins n’exige aucun permis. Il doit être à 1 m au moins des limites du "
                "terrain.",
                en="A single shed of 10 m² or less needs no permit. It must be at least 1 m from the property lines.",
            ),
        ),
        Answer(
            code="temporary_pool",
            question=Text(fr="Et pour une piscine gonflable?", en="What about an inflatable pool?"),
            answer=Text(
                fr="Oui, dès qu’elle peut contenir 60 cm d’eau\u00a0: le règlement provincial sur la "
                "sécurité des piscines s’applique.",
                en="Yes, as soon as it can hold 60 cm of water: the provincial regulation on pool safety applies.",
            ),
        ),
    ),
)

OCCUPATION = About(
    first=True,
    who=Text(
        fr="Toute personne, entreprise ou organisme qui installe quelque chose sur le domaine public.",
        en="Any person, company or organization that puts something on the public domain.",
    ),
    next=(
        Text(
            fr="Nous vérifions le dossier, puis les services concernés donnent leur avis.",
            en="We check the file, then the departments concerned give their opinions.",
        ),
        Text(
            fr="L’assurance doit rester valide jusqu’à la fin; si elle vient à échéance, le permis est suspendu.",
            en="The insurance must stay valid until the end; if it expires, the permit is suspended.",
        ),
        Text(
            fr="Après l’approbation, vous recevez le document, ses conditions et un code de vérification.",
            en="After approval, you receive the document, its conditions and a verification code.",
        ),
    ),
    answers=(
        Answer(
            code="bin_in_yard",
            question=Text(
                fr="Faut-il un permis pour un conteneur dans mon entrée?",
                en="Does a container in my driveway need a permit?",
            ),
            answer=Text(
                fr="Non, s’il reste entièrement sur votre terrain.",
                en="Not if it stays entirely on your land.",
            ),
        ),
        Answer(
            code="short_move",
            question=Text(fr="Et pour un déménagement d’une heure?", en="What about a one-hour move?"),
            answer=Text(
                fr="Non, si le camion est stationné à un endroit permis.",
                en="Not if the truck parks where parking is allowed.",
            ),
        ),
    ),
)

SIGN = About(
    first=True,
    who=Text(
        fr="Le commerçant ou la personne qui pose l’enseigne, avec l’accord du propriétaire.",
        en="The merchant or the person who puts up the sign, with the consent of the owner.",
    ),
    next=(
        Text(
            fr="Nous vérifions le dossier, puis les services concernés donnent leur avis.",
            en="We check the file, then the departments concerned give their opinions.",
        ),
        Text(
            fr="Après l’approbation, vous recevez le document, ses conditions et un code de vérification.",
            en="After approval, you receive the document, its conditions and a verification code.",
        ),
    ),
    answers=(
        Answer(
            code="opening_hours",
            question=Text(
                fr="Faut-il un permis pour afficher des heures d’ouverture?",
                en="Do opening hours on the door need a permit?",
            ),
            answer=Text(
                fr="Non, ni pour une affiche de moins de 0,5 m² dans la vitrine.",
                en="No, nor does a notice of less than 0.5 m² in the window.",
            ),
        ),
        Answer(
            code="for_sale",
            question=Text(fr="Et pour une pancarte «\u00a0à vendre\u00a0»?", en="What about a “for sale” sign?"),
            answer=Text(
                fr="Aucun permis n’est nécessaire pour une seule pancarte par terrain, jusqu’à la vente.",
                en="No permit is needed for one sign on the property until it is sold.",
            ),
        ),
    ),
)

EVENT = About(
    first=True,
    who=Text(
        fr="Toute personne ou tout organisme qui organise une activité dans un lieu public.",
        en="Any person or organization that holds an activity in a public place.",
    ),
    next=(
        Text(
            fr="Nous vérifions le dossier, puis les services concernés donnent leur avis.",
            en="We check the file, then the departments concerned give their opinions.",
        ),
        Text(
            fr="Après l’approbation, vous recevez le document, ses conditions et un code de vérification.",
            en="After approval, you receive the document, its conditions and a verification code.",
        ),
    ),
    answers=(
        Answer(
            code="picnic",
            question=Text(
                fr="Faut-il une autorisation pour un pique-nique au parc?",
                en="Does a picnic in the park need an authorization?",
            ),
            answer=Text(
                fr="Non, à moins de trente personnes, sans musique amplifiée ni installation.",
                en="Not for fewer than thirty people without amplified music or equipment.",
            ),
        ),
        Answer(
            code="garage_sale",
            question=Text(fr="Et pour une vente de garage?", en="What about a garage sale?"),
            answer=Text(
                fr="Aucune autorisation n’est nécessaire sur votre terrain, deux fins de semaine par année.",
                en="No authorization is needed on your own land, two weekends a year.",
            ),
        ),
    ),
)
