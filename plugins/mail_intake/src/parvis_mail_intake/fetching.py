"""Fetching mail: each one is kept here first, and only then moved to the folder of what is done."""

import asyncio
from contextlib import ExitStack
from functools import partial

import structlog

from parvis.plugins.trying import Success, caught
from parvis.requests.host import Host
from parvis_mail_intake.filing import take_in
from parvis_mail_intake.mailbox import Mailbox, opened
from parvis_mail_intake.settings import Settings, settings_of
from parvis_mail_intake.sorting import empty_aside
from parvis_sdk.errors import Later

log = structlog.get_logger("parvis_mail_intake")


async def fetch(host: Host) -> int:
    """Take in the mail of the folder and of the junk folder; how many were new.

    Who is stopped between keeping and moving finds the mail again, and keeps it once. One that cannot be kept stays
    where it is and holds up no other; once the others are taken in, it is said.
    """
    await empty_aside(host)
    settings = settings_of(host.plugins)
    if not settings.host:
        return 0
    taken, stays = 0, list[str]()
    with ExitStack() as stack:
        mailbox = await asyncio.to_thread(stack.enter_context, opened(settings))
        for folder in (settings.folder, settings.junk):
            taken += await _fetch_from(host, settings, mailbox, folder, stays)
    if stays:
        raise Later(f"mails that could not be kept and stay in the mailbox: {len(stays)}; the first: {stays[0]}")
    return taken


async def _fetch_from(host: Host, settings: Settings, mailbox: Mailbox, folder: str, stays: list[str]) -> int:
    taken = 0
    for uid in await asyncio.to_thread(mailbox.uids, folder):
        raw = await asyncio.to_thread(mailbox.raw, uid)
        if not raw:
            continue  # somebody moved it meanwhile
        kept = await caught(partial(take_in, host, raw, from_junk=folder == settings.junk))
        if not isinstance(kept, Success):
            log.error("mail not taken in", folder=folder, uid=uid.decode(), trouble=str(kept), where=kept.where)
            stays.append(str(kept))
            continue
        fate = kept.value
        taken += not fate.repeated
        log.info("mail taken in", folder=folder, sort=fate.sort, state=fate.state, why=fate.why)
        await asyncio.to_thread(mailbox.move, uid, settings.done)
    return taken
