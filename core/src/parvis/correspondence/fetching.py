"""Fetching mail: each one is kept here first, and only then moved to the folder of what is done."""

import asyncio
from contextlib import ExitStack

import structlog

from parvis.correspondence.filing import take_in
from parvis.correspondence.mailbox import Mailbox, opened
from parvis.correspondence.settings import Settings, settings_of
from parvis.correspondence.sorting import empty_aside
from parvis.requests.heart import Heart

log = structlog.get_logger("parvis.correspondence")


async def fetch(heart: Heart) -> int:
    """Take in the mail of the folder and of the junk folder; how many were new.

    Who is stopped between keeping and moving finds the mail again, and keeps it once.
    """
    await empty_aside(heart)
    settings = settings_of(heart.house)
    if not settings.host:
        return 0
    with ExitStack() as stack:
        mailbox = await asyncio.to_thread(stack.enter_context, opened(settings))
        taken = 0
        for folder in (settings.folder, settings.junk):
            taken += await _fetch_from(heart, settings, mailbox, folder)
    return taken


async def _fetch_from(heart: Heart, settings: Settings, mailbox: Mailbox, folder: str) -> int:
    taken = 0
    for uid in await asyncio.to_thread(mailbox.uids, folder):
        raw = await asyncio.to_thread(mailbox.raw, uid)
        if not raw:
            continue  # somebody moved it meanwhile
        fate = await take_in(heart, raw, from_junk=folder == settings.junk)
        taken += not fate.repeated
        log.info("mail taken in", folder=folder, sort=fate.sort, state=fate.state, why=fate.why)
        await asyncio.to_thread(mailbox.move, uid, settings.done)
    return taken
