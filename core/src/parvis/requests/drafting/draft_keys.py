"""Drafts whose link was mailed: found again by whoever shows that the address is theirs, with a key of its own."""

import hmac

from parvis.db import transaction
from parvis.db.tables import DraftKey
from parvis.requests.drafting.drafts import DRAWN, Draft, by_holder, discard_held, holder_of, signed
from parvis.requests.heart import Heart


async def mailed_to(jurisdiction: str, email: str) -> tuple[Draft, ...]:
    """What was begun in a town, not sent, and mailed to this address, the last written first."""
    keys = await DraftKey.select(DraftKey.draft).where(DraftKey.email == email) if email else []
    drafts = (await by_holder({key["draft"] for key in keys})).values()
    ours = [draft for draft in drafts if draft.jurisdiction == jurisdiction and not draft.sent_as]
    return tuple(sorted(ours, key=lambda draft: draft.updated_at, reverse=True))


async def key_for(heart: Heart, draft: Draft, email: str) -> str:
    """The token by which whoever has this address comes back to a draft; those it had go on working.

    It is derived: the same however often it is asked for, and not to be had from our tables.
    """
    told = "\0".join(("draft of", draft.holder, email)).encode()
    token = signed(heart.secret, hmac.digest(heart.secret, told, "sha256")[: DRAWN * 3 // 4])
    row = DraftKey(token_digest=holder_of(token), draft=draft.holder, email=email)
    async with transaction(heart.engine):
        await DraftKey.insert(row).on_conflict(target=DraftKey.token_digest, action="DO NOTHING")
    return token


async def forget_address(heart: Heart, jurisdiction: str, email: str) -> int:
    """Let go of what was mailed to an address, and destroy what was mailed to no other; how many drafts there were."""
    holders = [draft.holder for draft in await mailed_to(jurisdiction, email)]
    if not holders:
        return 0
    ours = DraftKey.draft.is_in(holders)
    async with transaction(heart.engine):
        await DraftKey.delete().where(ours & (DraftKey.email == email))
        others = await DraftKey.select(DraftKey.draft).where(ours)
    for holder in set(holders) - {row["draft"] for row in others}:
        await discard_held(heart, holder)
    return len(holders)
