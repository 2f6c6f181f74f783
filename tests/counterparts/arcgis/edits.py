"""Edits of a layer: each item succeeds or fails for itself, or all fail together when it is asked so."""

import json
import math
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .attachments import content_of
from .geometry import BadGeometry, moved, read, wkid_of
from .layers import CREATED, CREATOR, EDITED, EDITOR, GLOBAL_ID, OBJECT_ID, Field, ServedLayer, milliseconds
from .queries import Asked, condition_of, flag
from .refusals import MISSING, NOT_FOUND, NOT_SET, ROLLED_BACK, TRUNCATED, ItemRefused, RequestRefused

Result = dict[str, Any]
OWN = {OBJECT_ID, GLOBAL_ID, CREATED, CREATOR, EDITED, EDITOR}
RANGES = {"SmallInteger": 2**15, "Integer": 2**31, "Date": 2**62}


def add_features(layer: ServedLayer, asked: Asked, who: str) -> dict[str, Any]:
    return _edit([layer], asked, who, [{"adds": _json(asked, "features")}], ("addResults",))[0]


def update_features(layer: ServedLayer, asked: Asked, who: str) -> dict[str, Any]:
    return _edit([layer], asked, who, [{"updates": _json(asked, "features")}], ("updateResults",))[0]


def delete_features(layer: ServedLayer, asked: Asked, who: str) -> dict[str, Any]:
    condition, values = condition_of(layer, asked)
    ids = [attributes[OBJECT_ID] for attributes, _ in layer.select(condition, values)]
    if asked.get("objectIds"):
        ids = _ids(asked["objectIds"])
    return _edit([layer], asked, who, [{"deletes": ids}], ("deleteResults",))[0]


def apply_edits(layer: ServedLayer, asked: Asked, who: str) -> dict[str, Any]:
    """All edits of one layer."""
    edits: dict[str, Any] = {name: _json(asked, name) for name in ("adds", "updates") if asked.get(name)}
    if asked.get("deletes"):
        edits["deletes"] = _ids(asked["deletes"])
    if asked.get("attachments"):
        edits["attachments"] = _json(asked, "attachments", dict)
    if not edits:
        raise RequestRefused(400, MISSING)
    return _edit([layer], asked, who, [edits])[0]


def apply_edits_of_service(layers: Mapping[int, ServedLayer], asked: Asked, who: str) -> list[dict[str, Any]]:
    """Edits of several layers, whose answers come in the order asked, each with the layer's number."""
    edits = _json(asked, "edits")
    if not edits or not all(isinstance(each, dict) and each.get("id") in layers for each in edits):
        raise RequestRefused(400, MISSING)
    chosen = [layers[each["id"]] for each in edits]
    answers = _edit(chosen, asked, who, edits)
    return [{"id": layer.number, **answer} for layer, answer in zip(chosen, answers, strict=True)]


def _edit(
    layers: Sequence[ServedLayer],
    asked: Asked,
    who: str,
    edits: Sequence[Mapping[str, Any]],
    told: Sequence[str] = ("addResults", "updateResults", "deleteResults"),
) -> list[dict[str, Any]]:
    by_global_id = flag(asked, "useGlobalIds")
    together = flag(asked, "rollbackOnFailure", otherwise=True)
    different = list({layer.number: layer for layer in layers}.values())
    for layer in different:
        layer.lock.acquire()
    try:
        for layer in different:
            layer.rows.execute("BEGIN")
        answers = [_edit_one(layer, each, who, by_global_id) for layer, each in zip(layers, edits, strict=True)]
        results = [result for answer in answers for part in _results(answer) for result in part]
        undone = together and not all(result["success"] for result in results)
        for layer in different:
            layer.rows.execute("ROLLBACK" if undone else "COMMIT")
        if undone:
            for result in results:
                if result["success"]:
                    result.update(success=False, error={"code": ROLLED_BACK, "description": "Operation rolled back."})
    finally:
        for layer in different:
            if layer.rows.in_transaction:
                layer.rows.execute("ROLLBACK")
            layer.lock.release()
    moment = {"editMoment": milliseconds(layers[0].clock())} if flag(asked, "returnEditMoment") else {}
    shown = [{name: answer[name] for name in told} for answer in answers]
    for one, answer in zip(shown, answers, strict=True):
        if "attachments" in answer:
            one["attachments"] = answer["attachments"]
    return [{**one, **moment} for one in shown]


def _results(answer: Mapping[str, Any]) -> list[list[Result]]:
    parts = [answer["addResults"], answer["updateResults"], answer["deleteResults"]]
    return [*parts, *answer.get("attachments", {}).values()]


def _edit_one(layer: ServedLayer, edits: Mapping[str, Any], who: str, by_global_id: bool) -> dict[str, Any]:
    may = layer.declared.capabilities

    def each(name: str, capability: str, act: Callable[[Any], tuple[int, str]]) -> list[Result]:
        return [_tried(item, capability in may, act) for item in edits.get(name) or ()]

    answer: dict[str, Any] = {
        "addResults": each("adds", "Create", lambda item: _add(layer, item, who, by_global_id)),
        "updateResults": each("updates", "Update", lambda item: _update(layer, item, who, by_global_id)),
        "deleteResults": each("deletes", "Delete", lambda item: _delete(layer, item, by_global_id)),
    }
    if adds := (edits.get("attachments") or {}).get("adds"):
        if not by_global_id:
            raise RequestRefused(400, MISSING, "attachments need useGlobalIds")
        answer["attachments"] = {
            "addResults": [_tried(item, "Update" in may, lambda one: _attach(layer, one)) for item in adds]
        }
    return answer


def _tried(item: Any, allowed: bool, act: Callable[[Any], tuple[int, str]]) -> Result:
    try:
        if not allowed:
            raise ItemRefused(TRUNCATED, "This layer does not allow it.")
        object_id, global_id = act(item)
    except ItemRefused as refused:
        known = (item.get("attributes") or {}) if isinstance(item, dict) else {}
        number = item if isinstance(item, int) else known.get(OBJECT_ID, -1)
        return {"objectId": number, "globalId": known.get(GLOBAL_ID), "success": False, "error": refused.error}
    return {"objectId": object_id, "globalId": global_id, "success": True}


def _add(layer: ServedLayer, item: Any, who: str, by_global_id: bool) -> tuple[int, str]:
    attributes = _attributes(layer, item)
    given = attributes.get(GLOBAL_ID)
    values = {name: value for name, value in attributes.items() if name not in OWN}
    for field in layer.declared.fields:
        if not field.nullable and values.get(field.name) is None:
            raise ItemRefused(TRUNCATED, f"Cannot insert the value NULL into column '{field.name}'.")
    if by_global_id:
        if not isinstance(given, str) or not given:
            raise ItemRefused(NOT_FOUND, "GlobalID is missing.")
        values[GLOBAL_ID] = f"{{{given.strip('{}').upper()}}}"
    try:
        return layer.insert(values, _geometry(layer, item.get("geometry")), who)
    except sqlite3.IntegrityError as error:
        raise ItemRefused(TRUNCATED, "Violation of UNIQUE KEY constraint: GlobalID.") from error


def _update(layer: ServedLayer, item: Any, who: str, by_global_id: bool) -> tuple[int, str]:
    attributes = _attributes(layer, item)
    name = GLOBAL_ID if by_global_id else OBJECT_ID
    if attributes.get(name) is None:
        raise ItemRefused(NOT_FOUND, f"{name} is missing.")
    identity = _identity(layer, name, attributes[name])
    values = {name: value for name, value in attributes.items() if name not in OWN}
    layer.update(identity[0], values, _geometry(layer, item.get("geometry")), who)
    return identity


def _delete(layer: ServedLayer, item: Any, by_global_id: bool) -> tuple[int, str]:
    identity = _identity(layer, GLOBAL_ID if by_global_id else OBJECT_ID, item)
    layer.delete(identity[0])
    return identity


def _attach(layer: ServedLayer, item: Any) -> tuple[int, str]:
    content = content_of(item)
    identity = _identity(layer, GLOBAL_ID, item.get("parentGlobalId"))
    return layer.attach(identity[0], item["name"], item["contentType"], content)


def _identity(layer: ServedLayer, name: str, value: Any) -> tuple[int, str]:
    if name == GLOBAL_ID and isinstance(value, str):
        value = f"{{{value.strip('{}')}}}"
    found = layer.identity(name, value)
    if found is None:
        raise ItemRefused(NOT_FOUND, f"There is no feature with {name} {value}.")
    return found


def _attributes(layer: ServedLayer, item: Any) -> dict[str, Any]:
    """The attributes of an item, each good for its field."""
    attributes = item.get("attributes", {}) if isinstance(item, dict) else None
    if not isinstance(attributes, dict):
        raise RequestRefused(400, MISSING)
    declared = {field.name: field for field in layer.declared.fields}
    for name, value in attributes.items():
        if name not in layer.types:
            raise ItemRefused(NOT_SET, f"Setting of Value for {name} failed. There is no such field.")
        if name in declared:
            _check(declared[name], value)
    return dict(attributes)


def _check(field: Field, value: Any) -> None:
    if value is None:
        if not field.nullable:
            raise ItemRefused(TRUNCATED, f"Cannot insert the value NULL into column '{field.name}'.")
        return
    if field.type == "String":
        good = isinstance(value, str)
    elif field.type == "Double":
        good = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    else:
        reach = RANGES[field.type]
        good = isinstance(value, int) and not isinstance(value, bool) and -reach <= value < reach
    if not good:
        raise ItemRefused(NOT_SET, f"Setting of Value for {field.name} failed.")
    if field.type == "String" and len(value) > field.length:
        raise ItemRefused(TRUNCATED, "String or binary data would be truncated.\r\nThe statement has been terminated.")
    if field.domain is not None and value not in field.domain:
        raise ItemRefused(NOT_SET, f"Setting of Value for {field.name} failed. The value is not in its domain.")


def _geometry(layer: ServedLayer, given: Any) -> dict[str, Any] | None:
    if given is None:
        return None
    if layer.declared.geometry is None:
        raise ItemRefused(TRUNCATED, "A table has no geometry.")
    try:
        geometry = read(given, layer.declared.geometry)
        return moved(geometry, wkid_of(given.get("spatialReference")) or layer.declared.wkid, layer.declared.wkid)
    except BadGeometry as error:
        raise ItemRefused(TRUNCATED, f"Invalid geometry: {error}.") from error


def _json(asked: Asked, name: str, kind: type[Any] = list) -> Any:
    try:
        given = json.loads(asked.get(name, ""))
    except json.JSONDecodeError as error:
        raise RequestRefused(400, MISSING, f"'{name}' parameter is invalid") from error
    if not isinstance(given, kind):
        raise RequestRefused(400, MISSING, f"'{name}' parameter is invalid")
    return given


def _ids(text: str) -> list[Any]:
    """Object ids or global ids, with commas or as a list in JSON."""
    try:
        if text.strip().startswith("["):
            return list(json.loads(text))
    except json.JSONDecodeError as error:
        raise RequestRefused(400, MISSING, "'deletes' parameter is invalid") from error
    parts = [part.strip() for part in text.split(",")]
    return [int(part) if part.isdigit() else part for part in parts]
