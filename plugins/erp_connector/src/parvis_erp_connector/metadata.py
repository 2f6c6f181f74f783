"""The columns of a set of records, as the $metadata of an OData service describes them."""

from collections.abc import Mapping
from xml.etree import ElementTree

from parvis_sdk.errors import Later
from parvis_sdk.mapping import Described
from parvis_sdk.text import Text


def described_in(metadata: bytes, table: str) -> Mapping[str, Described]:
    """The columns of a set, by the $metadata of the service."""
    try:
        root = ElementTree.fromstring(metadata)  # noqa: S314  expat refuses documents that grow without end
    except ElementTree.ParseError as error:
        raise Later(
            Text(
                fr="$metadata est illisible\u00a0: vérifiez que `address` est l’adresse de l’API",
                en="$metadata cannot be read: check that `address` is the API’s address",
            )
        ) from error
    sets = {
        each.get("Name"): each.get("EntityType", "").rpartition(".")[2]
        for each in root.iter()
        if _is(each, "EntitySet")
    }
    kind = next((each for each in root.iter() if _is(each, "EntityType") and each.get("Name") == sets.get(table)), None)
    if kind is None:
        return {}
    return {
        str(each.get("Name")): Described(
            kind=str(each.get("Type")),
            most=int(each.get("MaxLength", "0")) if each.get("MaxLength", "").isdecimal() else 0,
        )
        for each in kind
        if _is(each, "Property")
    }


def _is(element: ElementTree.Element, name: str) -> bool:
    return element.tag.rpartition("}")[2] == name
