"""The auditor’s pack at the desk: for which unit and which days, and the archive itself."""

import asyncio
from typing import Any

import structlog
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.response import Stream

from parvis import clock
from parvis.downloads import saved_as
from parvis.i18n import gettext
from parvis.requests.links import town_url
from parvis.web.desk.context import AtDesk, management
from parvis.web.desk.lists.period import FIGURES, chosen_days
from parvis.web.links import PageLink
from parvis_audit_pack.asking import asked, town_files
from parvis_audit_pack.columns import sheets_of
from parvis_audit_pack.packing import LONG_GAP, name_of, pack
from parvis_audit_pack.procedures import procedures_of
from parvis_seals.town_seal import CERTIFICATE, fingerprint_of, signer_of

AUDIT = f"{FIGURES}/verification"
ARCHIVE = f"{AUDIT}/dossier.zip"
LONGEST = 3 * 366
log = structlog.get_logger("parvis.audit")


@get(AUDIT)
async def show_audit(room: AtDesk) -> Response[Any]:
    room.demand("audit")
    seal = await asyncio.to_thread(signer_of, room.host, room.town, clock.now())
    return room.show(
        "audit_pack/pack.html",
        chosen=chosen_days(room, LONGEST),
        units=[("", gettext("All units")), *room.units_for("audit")],
        sheets=list(sheets_of(procedures_of(room.host, room.town)).items()),
        long_gap=LONG_GAP,
        archive=ARCHIVE,
        back=any(link.path == FIGURES for link in room.links("desk.menu")) and FIGURES,
        fingerprint=fingerprint_of(seal),
        certificate=f"{town_url(room.host, room.town)}{CERTIFICATE}",
    )


@get(ARCHIVE)
async def take_audit(room: AtDesk) -> Stream:
    """The archive, sent while it is made."""
    room.demand("audit")
    chosen, scope = chosen_days(room, LONGEST), room.scope("audit")
    if chosen.unit and chosen.unit not in dict(room.units_for("audit")):
        raise NotFoundException("There is no such unit.")
    audit = asked(
        room.town,
        first=chosen.since,
        last=chosen.until,
        unit=chosen.unit,
        made_by=room.person.name,
        may_see=lambda record: room.may("audit", record),
        over=scope.units,
    )
    files = await asyncio.to_thread(town_files, room.request.app.state.deployment.settings.territory, room.town)
    log.info(
        "audit pack made",
        town=room.town.code,
        unit=chosen.unit,
        first=str(chosen.since),
        last=str(chosen.until),
        by=room.person.id,
    )
    name = name_of(audit)
    taken = room.takes(name, 0)
    content = pack(room.host, audit, files, lambda requests: room.takes(name, requests, taken))
    return Stream(content, media_type="application/zip", headers=saved_as(name))


LINK = PageLink(
    slot="desk.figures",
    path=AUDIT,
    text=lambda: gettext("Audit file"),
    right="audit",
    icon="check",
)
LINE = PageLink(
    slot="desk.menu",
    path=AUDIT,
    guide="docs/audit#taking-it",
    after="/bureau/pages-publiques",
    text=lambda: gettext("Audit file"),
    right="audit",
    icon="check",
    when=lambda room: all(each.path != FIGURES for each in room.nouns(PageLink, "desk.menu")),
    group=management,
)
"""Where a town has no dashboard that leads there."""
