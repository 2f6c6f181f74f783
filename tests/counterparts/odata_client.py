"""A client of OData that others wrote, `odatapy`, as a process of its own: `python odata_client.py ADDRESS KEY`.

It reads the description, then every row of both sets as types of the description say, and prints what it understood as
one JSON object.
"""

import json
import sys

from odatapy.client import EdmEnabledODataClient
from odatapy.client.auth import BasicAuth
from odatapy.client.transport import HttpxTransport


def read(address: str, key: str) -> dict[str, object]:
    client = EdmEnabledODataClient(address, HttpxTransport(auth=BasicAuth("excel", key)))
    sets = [each.name for each in client.get_edm().entity_container.entity_sets]
    requests = client.entity_set_uri("Requests")
    every = [each.as_dict() for each in client.iter_entities(requests.copy().top(4).select("Reference", "SubmittedAt"))]
    holes = client.get_entity_set(requests.copy().filter("Type eq 'pothole' and Longitude lt -73.5").count())
    figures = [each.as_dict() for each in client.iter_entities(client.entity_set_uri("MonthlyFigures"))]
    total = [each for each in figures if each["Dimension"] == "total"]
    one = client.get_entity(client.entity_uri("Requests", every[0]["Reference"])).as_dict()
    return {
        "sets": sets,
        "references": [each["Reference"] for each in every],
        "kinds": [type(every[0]["SubmittedAt"]).__name__, type(total[0]["Month"]).__name__],
        "holes": holes.count,
        "one": one["TypeTitle"],
        "received": [each["Received"] for each in total][-1],
        "months": len(total),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(read(*sys.argv[1:])))
