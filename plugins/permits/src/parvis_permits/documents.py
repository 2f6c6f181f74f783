"""What the town issues to applicants for permits: permits and certificates to build or fell, and letters."""

from parvis_sdk.document_contents import AnswersTable, PlaceMap
from parvis_sdk.documents import Document
from parvis_sdk.text import Text

BUILDING_PERMIT = Document(
    code="permit",
    title=Text(fr="Permis de construction", en="Building permit"),
    kind="permit",
    number="PC-{year}-{number:05}",
    body=Text(
        fr="La {town} autorise {requester} à faire les travaux décrits ci-dessous, à cette adresse : {place}.",
        en="The {town} authorizes {requester} to do the work described below, at this address: {place}.",
    ),
    shows=(
        "lot",
        "roll_number",
        "zone",
        "building_kind",
        "work_kind",
        "description",
        "floor_area",
        "storeys",
        "dwellings",
        "pool_kind",
        "work_value",
        "starts_on",
        "ends_on",
        "contractor",
        "contractor_licence",
    ),
    labels={
        "building_kind": Text(fr="Bâtiment", en="Building"),
        "work_kind": Text(fr="Travaux autorisés", en="Work authorized"),
        "description": Text(fr="Description", en="Description"),
        "dwellings": Text(fr="Logements", en="Dwellings"),
        "pool_kind": Text(fr="Piscine", en="Pool"),
        "contractor": Text(fr="Entrepreneur", en="Contractor"),
        "contractor_licence": Text(fr="Licence RBQ", en="RBQ licence"),
    },
    conditions="conditions",
    closing=Text(
        fr="Affichez ce permis de façon visible de la rue pendant les travaux. Toute modification "
        "des plans doit être approuvée avant d’être réalisée. Ce permis ne dispense pas des "
        "autres autorisations exigées par la loi.",
        en="Post this permit where it can be seen from the street during the work. Any change to "
        "the plans must be approved before it is carried out. This permit does not replace any "
        "other authorization required by law.",
    ),
    files=True,
    validity="permit",
    keeps_number=True,
    holds=(PlaceMap(code="map", title=Text(fr="Plan de situation", en="Site map"), layer="lots"),),
    may_lack=("map",),
)

FELLING_CERTIFICATE = Document(
    code="certificate",
    title=Text(fr="Certificat d’abattage d’arbre", en="Tree felling certificate"),
    kind="certificate",
    number="ABT-{year}-{number:04}",
    body=Text(
        fr="La {town} autorise {requester} à abattre les arbres décrits ci-dessous, à cette adresse\u00a0: {place}.",
        en="The {town} authorizes {requester} to fell the trees described below, at this address: {place}.",
    ),
    shows=("lot", "contractor", "valid_until", "trees_to_plant", "plant_before", "reason"),
    labels={
        "contractor": Text(fr="Abattage fait par", en="Felling done by"),
        "valid_until": Text(fr="À abattre au plus tard le", en="To be felled by"),
        "reason": Text(fr="Conditions et précisions", en="Conditions and details"),
    },
    closing=Text(
        fr="Gardez ce certificat sur place pendant l’abattage. Il ne dispense ni des autres "
        "autorisations exigées par la loi, ni de l’accord du voisin pour un arbre mitoyen.",
        en="Keep this certificate on site during the felling. It does not replace any other authorization required "
        "by law. For a tree on the boundary, the neighbour’s consent is needed too.",
    ),
    validity="certificate",
    keeps_number=True,
    holds=(
        AnswersTable(
            code="trees",
            title=Text(fr="Arbres à abattre", en="Trees to fell"),
            of="trees",
            columns=("species", "diameter", "count", "reason"),
        ),
        PlaceMap(code="map", title=Text(fr="Plan de situation", en="Site map"), around=80, layer="lots"),
    ),
    may_lack=("map",),
)

SUPPLEMENT_LETTER = Document(
    code="letter",
    title=Text(fr="Demande de complément", en="Request for information"),
    kind="letter",
    number="DC-{year}-{number:05}",
    body=Text(
        fr="{requester},\n\nPour poursuivre l’étude de votre demande {reference} ({type}), il nous manque ce qui "
        "suit.\n\n{points}\n\nRépondez au plus tard le {until}. Nous poursuivrons l’étude dès que vous "
        "aurez répondu.",
        en="{requester},\n\nTo continue our review of your application {reference} ({type}), we "
        "need the following.\n\n{points}\n\nPlease answer by {until}. We will continue our "
        "review as soon as you answer.",
    ),
    beside=True,
)

REFUSAL = Document(
    code="refusal",
    title=Text(fr="Refus de la demande", en="Refusal of the application"),
    kind="refusal",
    number="REF-{year}-{number:05}",
    body=Text(
        fr="{requester},\n\nVotre demande {reference} ({type}) est refusée.\n\n{reason}",
        en="{requester},\n\nYour application {reference} ({type}) is refused.\n\n{reason}",
    ),
    shows=("grounds", "reason"),
    closing=Text(
        fr="Vous pouvez corriger votre projet et présenter une nouvelle demande. Pour contester cette décision, "
        "écrivez au service qui l’a signée.",
        en="You may change your project and apply again. To contest this decision, write to the "
        "department that signed it.",
    ),
    files=True,
)
