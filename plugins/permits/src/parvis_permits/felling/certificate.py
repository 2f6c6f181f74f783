"""The application for a certificate to fell trees on private property."""

from parvis_permits import abouts
from parvis_permits.documents import FELLING_CERTIFICATE, REFUSAL
from parvis_permits.felling.fee import FELLING_FEE
from parvis_permits.felling.form import FELLING_FORM
from parvis_permits.felling.life import felling_workflow
from parvis_permits.felling.messages import MESSAGES
from parvis_permits.felling.replacement import CERTIFICATE, REPLACEMENT
from parvis_permits.felling.trees import URGENT
from parvis_permits.privacy import SEVEN_YEARS
from parvis_permits.themes import PERMITS
from parvis_sdk.request_types import IdentityRule, PlaceRule, RequestType, ServiceLevel, Visibility
from parvis_sdk.text import Text

TREE_FELLING = RequestType(
    code="tree_felling",
    title=Text(fr="Certificat d’abattage d’arbre", en="Tree felling certificate"),
    summary=Text(
        fr="L’autorisation d’abattre un ou plusieurs arbres sur un terrain privé.",
        en="The authorization to fell one or more trees on private property.",
    ),
    slug=Text(fr="abattage-d-arbre", en="tree-felling"),
    theme=PERMITS,
    icon="leaf",
    about=abouts.TREE_FELLING,
    form=FELLING_FORM,
    workflow=felling_workflow(),
    place=PlaceRule(label=Text(fr="Où sont les arbres?", en="Where are the trees?")),
    identity=IdentityRule(modes=("named",)),
    service_levels=(
        ServiceLevel(
            code="urgent",
            title=Text(
                fr="Arbre qui menace de tomber : décision",
                en="Tree about to fall: decision",
            ),
            business_days=3,
            until="decided",
            when=URGENT,
        ),
        ServiceLevel(
            code="standard",
            title=Text(fr="Décision", en="Decision"),
            business_days=20,
            until="decided",
        ),
    ),
    retention=SEVEN_YEARS,
    # Who owns a property and what they plan there is not for the map.
    visibility=Visibility(public=False, similar_within=30, similar_days=365),
    messages=MESSAGES,
    parts=(
        CERTIFICATE,
        REPLACEMENT,
        FELLING_CERTIFICATE,
        REFUSAL,
        FELLING_FEE,
    ),
    keywords=(
        Text(
            fr="abattre un arbre, abattage, couper un arbre, coupe d’arbre, arracher, enlever",
            en="fell a tree, felling, cut down a tree, tree cutting, remove a tree, tree removal",
        ),
        Text(
            fr="permis d’abattage, certificat, autorisation, permis de couper",
            en="felling permit, tree permit, certificate, authorization, permit to cut",
        ),
        Text(
            fr="arbre mort, arbre malade, arbre dangereux, arbre penché, racines, fondations",
            en="dead tree, sick tree, dangerous tree, leaning tree, roots, foundation",
        ),
        Text(
            fr="frêne, agrile, orme, érable, épinette, sapin, cèdres, haie, peuplier",
            en="ash, emerald ash borer, elm, maple, spruce, fir, cedar, hedge, poplar",
        ),
        Text(
            fr="cour, terrain, chez moi, propriété, souche, arboriculteur, émondeur, élagueur",
            en="yard, backyard, property, stump, arborist, tree surgeon",
        ),
        Text(fr="remplacement, plantation, replanter", en="replacement, planting, replant"),
        Text(
            fr="ai-je le droit de couper, permission de couper, faire tomber un arbre, faire abattre, "
            "faire enlever un arbre",
            en="am I allowed to cut, permission to cut, have a tree taken down, have a tree removed",
        ),
        Text(
            fr="saule, bouleau, chêne, tilleul, pin, noyer, arbre pourri, penche vers la maison",
            en="willow, birch, oak, linden, pine, walnut, rotten tree, leaning towards the house",
        ),
    ),
    unlike=(
        Text(
            fr="permis de construction, permis de construire, permis de rénovation, rénover, permis de démolition, "
            "vente de garage, permis de terrasse, permis de stationnement, permis animalier",
            en="building permit, construction permit, renovation permit, renovate, demolition permit, garage sale, "
            "patio permit, parking permit",
        ),
    ),
    prepare=Text(
        fr=(
            "Des photos de l’arbre et le diamètre du tronc à 1,3 m du sol. Le numéro de lot, sur le compte de taxes. "
            "Si vous n’êtes pas propriétaire, un mandat signé."
        ),
        en=(
            "Photos of the tree and the diameter of its trunk 1.3 m above the ground. The lot number, on the tax "
            "bill. If you are not the owner, a signed authorization."
        ),
    ),
)
