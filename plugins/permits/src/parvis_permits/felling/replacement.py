"""What a certificate for felling holds and requires: until when it is good, and the trees planted in return."""

from parvis_permits.felling import demands
from parvis_sdk.obligations import Obligation, Proof
from parvis_sdk.text import Text
from parvis_sdk.validity import Transfer, Validity

CERTIFICATE = Validity(
    code="certificate",
    title=Text(fr="Certificat d’abattage", en="Felling certificate"),
    until="valid_until",
    reminders=(14,),
    transfer=Transfer(),
)
REPLACEMENT = Obligation(
    code="replacement",
    title=Text(fr="Plantation de remplacement", en="Replacement planting"),
    text=Text(
        fr="Planter des arbres de remplacement (nombre exigé\u00a0: {trees_to_plant}) et nous en envoyer une photo.",
        en="Plant replacement trees (number required: {trees_to_plant}) and send us a photo of them.",
    ),
    due="plant_before",
    reminders=(30,),
    chasers=(15,),
    grace=45,
    proofs=(
        Proof(
            code="planting",
            title=Text(fr="Preuve de la plantation", en="Proof of the planting"),
            form=demands.REPLACEMENT,
        ),
    ),
)
