"""A request as a panel of a plugin may know it: what the panel needs, as far as the person who looks sees it too."""

from collections.abc import Collection

from msgspec import structs

from parvis.requests.host import Host
from parvis.requests.payloads import request_for
from parvis.requests.records import Record
from parvis.requests.timeline import files_reaching
from parvis.requests.visibility import RequestView, Viewer
from parvis_sdk.panels import PanelNeed
from parvis_sdk.requests import Attachment, ServiceRequest


async def view_for_panel(
    host: Host, record: Record, needs: Collection[PanelNeed], remembered_by: str, shown: RequestView, viewer: Viewer
) -> ServiceRequest:
    """The request for a panel with these needs; `shown` is what the person who looks sees of it.

    Whoever asked opens their request by links that stand in no page of anybody else: none of them is among it.
    """
    known = await request_for(host, record, tuple(needs), remembered_by=remembered_by)
    contact = shown.contact if "contact" in needs else None
    numbers = known.external_references
    return structs.replace(
        known,
        channel=shown.channel,
        promised_at=known.promised_at and shown.promised_at,
        unit=shown.unit,
        place=shown.place,
        answers={code: value for code, value in known.answers.items() if code in shown.answers},
        requester=contact,
        parties=(),
        followers=(),
        attachments=await _seen(host, record, known, viewer),
        external_references=numbers if viewer.is_staff else {k: v for k, v in numbers.items() if k == remembered_by},
        tracking_url="",
        view_url="",
        stop_url="",
        short_url="",
        short_stop_url="",
        settled_url="",
        mail_returns=known.mail_returns and contact is not None,
        unconfirmed=known.unconfirmed and contact is not None,
        stopped=known.stopped and contact is not None,
    )


async def _seen(host: Host, record: Record, known: ServiceRequest, viewer: Viewer) -> tuple[Attachment, ...]:
    if not known.attachments:
        return ()
    seen = {each.attachment.id for each in await files_reaching(viewer, record, host.jurisdictions)}
    return tuple(each for each in known.attachments if each.id in seen)
