"""The settings of `entra_id`: which directory, and the application registered there."""

import re
from typing import Literal

from msgspec import Struct

TENANT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""A directory by its identifier: an issuer names it so, whatever the address says."""


class Settings(Struct, frozen=True, kw_only=True):
    """`tenant` and `client_id` are those that the application has at Entra; the secret is given by
    `PARVIS_ENTRA_ID_CLIENT_SECRET` or a file that `PARVIS_ENTRA_ID_CLIENT_SECRET_FILE` names.

    `groups` is the claim by which the rules of a town give roles. `link` lets a first sign-in join the account with the
    same verified e-mail, `create` makes one for people who have a role.
    """

    tenant: str = ""
    client_id: str = ""
    client_secret: str = ""
    groups: Literal["groups", "roles"] = "roles"
    link: bool = False
    create: bool = True

    def __post_init__(self) -> None:
        if not self.tenant:
            return
        if not TENANT.fullmatch(self.tenant):
            raise ValueError("tenant is no identifier of a directory: 8-4-4-4-12 small hexadecimal digits")
        if not self.client_id:
            raise ValueError("client_id is needed beside tenant")
