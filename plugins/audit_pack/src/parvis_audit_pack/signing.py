"""The signature under a pack: CMS (RFC 5652), apart from what it signs, by what signs for the town."""

import io

from parvis_seals.seals import Seal


async def signed(seal: Seal, content: bytes) -> bytes:
    """The detached signature of that content, DER."""
    signature = await seal.signer.async_sign_general_data(io.BytesIO(content), "sha256", detached=True)
    return bytes(signature.dump())
