"""A system connected to the journeys' town and away: what it told, what was given up, what was said."""

import dataclasses
from pathlib import Path

from msgspec import structs

from parvis.db import transaction
from parvis.db.tables import Delivery
from parvis.http_client import ExchangeRecord
from parvis.outbox import listing
from parvis.requests.host import Host
from parvis.troubles import Trouble, kept
from parvis.worker.relay import Relay
from parvis.worker.verdicts import NEVER_AGAIN, REFUSED
from parvis_connectors import unmatched_updates
from parvis_connectors.comparing import resend
from parvis_connectors.exchanges import keep, rows_for
from parvis_connectors.unmatched_updates import take
from parvis_sdk.subscriptions import Update
from parvis_sdk.text import Text

NAME = "gis_arcgis"
SUBSCRIBER = f"connector:{NAME}"
URL = "http://127.0.0.1:9/arcgis/rest/services/Requetes/FeatureServer"
SETTINGS = {
    "features_url": URL,
    "mappings": [
        {
            "types": ["graffiti"],
            "to": "Graffitis",
            "read": "ETAT",
            "moves": {"en_cours": "start", "faite": "resolve"},
            "columns": {
                "REFERENCE": "reference",
                "ADRESSE": "place.address",
                "ORIGINE": "'311'",
                "ETAT": {"source": "state", "codes": {"received": "recue"}, "otherwise": "autre"},
            },
        }
    ],
}
TOML = f"""
[plugins.{NAME}]
features_url = "{URL}"

[[plugins.{NAME}.mappings]]
types = ["graffiti"]
to = "Graffitis"
read = "ETAT"
moves = {{ en_cours = "start", faite = "resolve" }}

[plugins.{NAME}.mappings.columns]
REFERENCE = "reference"
ADRESSE = "place.address"
ORIGINE = "'311'"
ETAT = {{ source = "state", codes = {{ received = "recue" }}, otherwise = "autre" }}
"""
NOT_ALLOWED = Text(
    fr="la colonne 'ETAT' n’accepte pas le code 'autre'", en="the column 'ETAT' does not allow the code 'autre'"
)
SENT = '[{"attributes":{"REFERENCE":"7K3M-9QXT-4","ADRESSE":"1234, rue Rachel Est","ORIGINE":"311","ETAT":"autre"}}]'
RECEIVED = (
    '{"addResults":[{"success":false,"error":{"code":1000,"description":"Value ' + "not-in-the-domain-" * 12 + '"}}]}'
)


def write_settings(folder: Path) -> None:
    """The settings of a served town, which are read from the folder that it stands in."""
    (folder / "parvis.toml").write_text(TOML, "utf-8")


def without_systems(host: Host) -> Host:
    """The same town before anything was connected to it."""
    return dataclasses.replace(host, plugins=structs.replace(host.plugins, connectors={}))


async def make_connected(host: Host) -> None:
    """Some deliveries given up, with what was said; news without a request, one of it settled."""
    connector = host.plugins.connectors[NAME]
    told = [each for each in await listing(["done"], limit=2000) if each.subscriber == "notify.tell"]
    references = dict.fromkeys(each.reference for each in told)
    sent = [reference for reference in references if await resend(host, connector, reference)]
    assert len(sent) > 2, "the demo has no graffiti any more"
    await Relay(host).drain()
    lines = [each for each in await listing(["postponed", "waiting"], limit=200) if each.subscriber == SUBSCRIBER]
    call = ExchangeRecord(
        method="POST", url=f"{URL}/0/addFeatures", sent=SENT, status=200, received=RECEIVED, milliseconds=83
    )
    failed = ExchangeRecord(
        method="GET", url=f"{URL}?f=json", sent="", status=0, received="", milliseconds=5, trouble="connection refused"
    )
    async with transaction(host.engine):
        for each in lines[:2]:
            refused = Trouble(
                who="gis_arcgis (parvis-gis-arcgis 0.1.0)",
                where=f"{SUBSCRIBER} · {each.reference}",
                what=NOT_ALLOWED,
                so_what=NEVER_AGAIN,
                now_what=REFUSED,
            )
            changed = {Delivery.state: "dead", Delivery.trouble: kept(refused)}
            await Delivery.update(changed).where(Delivery.id == each.id)
            await keep(rows_for(NAME, "delivery", [call, failed], delivery=each.id))
    for number, words in enumerate(("Graffiti effacé, mur repeint", "Déjà effacé par le propriétaire", "Doublon")):
        note = Text(fr=words, en=f"{words} (crew)")
        await take(host, connector, Update(external_reference=f"{{{number}F2C-77}}", key=f"stray-{number}", note=note))
    [latest, *_] = await unmatched_updates.strays()
    await unmatched_updates.drop(host, latest.id, "Aline Des Parcours", "Le même que le précédent")
