"""A received file as the macros of pages want it: its address, its small copy, and whether it may be had yet."""

from typing import Any

from parvis.requests.attached.attachments import INLINE
from parvis.web.downloads import SMALL
from parvis_sdk.requests import Attachment


def shown_file(file: Attachment, href: str, **more: Any) -> dict[str, Any]:
    """For `file_list` and for the files of a question; `photo` is empty where there is nothing to be looked at."""
    is_photo = file.state == "ready" and file.kind in INLINE
    return {
        "id": file.id,
        "name": file.name,
        "size": file.size,
        "state": file.state,
        "href": href,
        "photo": f"{href}{'&' if '?' in href else '?'}{SMALL}" if is_photo else "",
        **more,
    }
