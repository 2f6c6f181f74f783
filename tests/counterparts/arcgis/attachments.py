"""Files on features: added one by one as multipart, listed, fetched, deleted."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

import msgspec

from .layers import OBJECT_ID, Attachment, ServedLayer
from .queries import Asked
from .refusals import INCOMPLETE, MISSING, NOT_FOUND, ItemRefused, RequestRefused


class SentFile(msgspec.Struct, frozen=True):
    """A part of a multipart request."""

    name: str
    content_type: str
    content: bytes


def add_attachment(layer: ServedLayer, object_id: int, files: Mapping[str, SentFile]) -> dict[str, Any]:
    _feature(layer, object_id)
    sent = files.get("attachment")
    if sent is None or not sent.name:
        raise RequestRefused(400, MISSING, "'attachment' parameter not specified")
    if len(sent.content) > layer.declared.largest_attachment:
        raise RequestRefused(400, INCOMPLETE, "Maximum attachment size exceeded.")
    number, global_id = layer.attach(object_id, sent.name, sent.content_type, sent.content)
    return {"addAttachmentResult": {"objectId": number, "globalId": global_id, "success": True}}


def listed(layer: ServedLayer, object_id: int) -> dict[str, Any]:
    _feature(layer, object_id)
    return {"attachmentInfos": [info(each) for each in layer.attached(object_id)]}


def grouped(layer: ServedLayer, asked: Asked) -> dict[str, Any]:
    """The operation queryAttachments: those of several features at once."""
    ids = [int(part) for part in asked.get("objectIds", "").split(",") if part.strip().isdigit()]
    if not ids:
        raise RequestRefused(400, MISSING, "'objectIds' parameter not specified")
    groups = []
    for object_id in ids:
        if infos := [info(each) for each in layer.attached(object_id)]:
            identity = layer.identity(OBJECT_ID, object_id)
            parent = {"parentObjectId": object_id, "parentGlobalId": identity and identity[1]}
            groups.append({**parent, "attachmentInfos": infos})
    return {"fields": [], "attachmentGroups": groups}


def delete_attachments(layer: ServedLayer, object_id: int, asked: Asked) -> dict[str, Any]:
    _feature(layer, object_id)
    try:
        ids = [int(part) for part in asked.get("attachmentIds", "").strip("[]").split(",")]
    except ValueError as error:
        raise RequestRefused(400, MISSING, "'attachmentIds' parameter is invalid") from error
    results = []
    for number in ids:
        result: dict[str, Any] = {"objectId": number, "globalId": None, "success": layer.detach(object_id, number)}
        if not result["success"]:
            result["error"] = {"code": NOT_FOUND, "description": f"There is no attachment {number}."}
        results.append(result)
    return {"deleteAttachmentResults": results}


def fetched(layer: ServedLayer, object_id: int, attachment_id: int) -> Attachment:
    for each in layer.attached(object_id):
        if each.id == attachment_id:
            return each
    raise RequestRefused(404, "Attachment not found")


def content_of(item: Any) -> bytes:
    """The bytes of an attachment within applyEdits, which come in base 64."""
    try:
        return base64.b64decode(item["data"].partition("base64,")[2] or item["data"], validate=True)
    except (AttributeError, KeyError, TypeError, binascii.Error) as error:
        raise ItemRefused(NOT_FOUND, "The attachment has no data.") from error


def info(attachment: Attachment) -> dict[str, Any]:
    return {
        "id": attachment.id,
        "globalId": attachment.global_id,
        "name": attachment.name,
        "contentType": attachment.content_type,
        "size": len(attachment.content),
        "keywords": "",
    }


def _feature(layer: ServedLayer, object_id: int) -> None:
    if not layer.declared.attachments:
        raise RequestRefused(400, INCOMPLETE, "This layer has no attachments.")
    if layer.identity(OBJECT_ID, object_id) is None:
        raise RequestRefused(404, "Feature not found")
