"""A stand-in for what no registry serves of ArcGIS: edits, attachments, addresses, tokens; and its faults.

It is strict where Koop is lax and ArcGIS Server is strict. Esri's own JavaScript client drives it in
`test_arcgis_stand_in.py`, so that it cannot drift towards our code. State is in memory:

    with arcgis_server([Layer("demandes", fields=(Field("titre", length=80),))]) as town:
        town.layer("demandes").url       # .../arcgis/rest/services/Ville/FeatureServer/0
        town.layer("demandes").features  # what others wrote, as they would be read
        town.next(SWALLOW, path="addFeatures")  # done, and the caller never learns of it
"""

from .access import Access
from .addresses import Address
from .layers import Feature, Field, Layer, ServedLayer
from .serving import ArcGISServer, arcgis_server

__all__ = [
    "Access",
    "Address",
    "ArcGISServer",
    "Feature",
    "Field",
    "Layer",
    "ServedLayer",
    "arcgis_server",
]
