"""Clients of GeoReport that others wrote, each a process of its own: `python open311_clients.py NAME ADDRESS KEY`.

What each of them understood is printed as one JSON object: services, attributes of one, the number of a report that it
filed, what it reads of it and how many requests it lists.
"""

import itertools
import json
import sys
from typing import Any

ANSWERS = {"attribute[size]": "large", "attribute[surface]": "lane", "attribute[danger]": "yes"}
WHERE = {"lat": 45.53, "long": -73.58}


def with_three(address: str, key: str) -> dict[str, Any]:
    """`three`, of Code for America."""
    itertools.ifilter = filter  # type: ignore[attr-defined]  # it was written for Python 2
    from three import Three

    town = Three(f"{address}/", api_key=key)
    [filed] = town.post("pothole", description="Trou", **WHERE, **ANSWERS)
    reference = filed["service_request_id"]
    return {
        "services": [each["service_code"] for each in town.services()],
        "attributes": [each["code"] for each in town.services("pothole")["attributes"]],
        "reference": reference,
        "status": town.request(reference)[0]["status"],
        "listed": len(town.requests(status="open")),
    }


def with_georeport(address: str, key: str) -> dict[str, Any]:
    """`georeport`, which reads and does not file."""
    from georeport import GeoReport

    town = GeoReport(address, jurisdiction="parvis", api_key=key)
    found = town.get_service_requests(status="open")
    reference = found[0]["service_request_id"]
    return {
        "services": [each["service_code"] for each in town.get_service_list()],
        "attributes": [each["code"] for each in town.get_service_definition("pothole")["attributes"]],
        "reference": reference,
        "status": town.get_service_request(reference)["status"],
        "listed": len(found),
    }


def with_civicbot(address: str, key: str) -> dict[str, Any]:
    """`civicbot`, which looks a report over by the definition before it sends it."""
    from civicbot import Endpoint, Open311Client

    town = Open311Client(Endpoint(id="parvis", name="Parvis", base_url=address, write=True))
    attributes = {name.removeprefix("attribute[").removesuffix("]"): value for name, value in ANSWERS.items()}
    sent = town.create_request(
        "pothole",
        dry_run=False,
        api_key=key,
        confirm="SEND",
        lat=WHERE["lat"],
        lng=WHERE["long"],
        description="Un autre trou",
        attributes=attributes,
    )
    reference = sent.response[0]["service_request_id"]
    read = town.get_request(reference)
    return {
        "services": [each["service_code"] for each in town.list_services()],
        "attributes": [each["code"] for each in town.get_service_definition("pothole")["attributes"]],
        "reference": reference,
        "status": read["status"] if read else "",
        "listed": len(town.list_requests(status="open")),
    }


CLIENTS = {"three": with_three, "georeport": with_georeport, "civicbot": with_civicbot}

if __name__ == "__main__":
    name, address, key = sys.argv[1:]
    print(json.dumps(CLIENTS[name](address, key)))  # noqa: T201 - what the test reads
