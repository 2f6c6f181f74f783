"""The settings of `hosted_payments`: where the provider is, and the secrets of each town's account there."""

from typing import Annotated

from msgspec import Meta, Struct

from parvis_sdk.calling import is_address
from parvis_sdk.settings import Exit, Secret

Seconds = Annotated[int, Meta(ge=30, le=3600)]


class Account(Struct, frozen=True, kw_only=True):
    """What the provider gave a town: the key of its calls, and the secret that call-backs are signed with.

    `call_secret_before` is still believed while the secret is changed.
    """

    secret_key: Secret
    call_secret: Secret
    call_secret_before: Secret = ""

    @property
    def call_secrets(self) -> tuple[str, ...]:
        """Every secret that a call-back for this account may be signed with."""
        return tuple(secret for secret in (self.call_secret, self.call_secret_before) if secret)


class Settings(Struct, frozen=True, kw_only=True):
    """`base_url` is where the provider's API is. `secret_key`, `call_secret` and `call_secret_before` are those of the
    one account, or of every town that `secret_accounts` does not name; a town never believes the secrets of another.

    A call-back older than `window` seconds is refused: it may be an old one played again. Secrets are given by
    `PARVIS_HOSTED_PAYMENTS_SECRET_KEY` and so on, or by a file that `PARVIS_HOSTED_PAYMENTS_SECRET_KEY_FILE` names;
    `secret_accounts` as JSON in the same ways.
    """

    base_url: Exit = ""
    secret_key: Secret = ""
    call_secret: Secret = ""
    call_secret_before: Secret = ""
    secret_accounts: dict[str, Account] = {}
    window: Seconds = 300

    def __post_init__(self) -> None:
        if not self.base_url:
            return
        if not is_address(self.base_url, safe=True):
            raise ValueError("base_url is no address of https")
        if not self.secret_accounts and not (self.secret_key and self.call_secret):
            raise ValueError("secret_key and call_secret, or secret_accounts, are needed beside base_url")

    def account(self, town: str) -> Account | None:
        """The account of a town."""
        if town in self.secret_accounts:
            return self.secret_accounts[town]
        if not self.secret_key:
            return None
        return Account(
            secret_key=self.secret_key, call_secret=self.call_secret, call_secret_before=self.call_secret_before
        )
