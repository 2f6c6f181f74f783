"""The hooks of `hosted_payments`."""

from collections.abc import Sequence

from parvis_hosted_payments.provider import HostedPayments
from parvis_hosted_payments.settings import Settings
from parvis_sdk.hooks import hookimpl
from parvis_sdk.payments import PaymentProvider


@hookimpl
def settings() -> type[Settings]:
    return Settings


@hookimpl
def payments(settings: Settings) -> Sequence[PaymentProvider]:
    return [HostedPayments(settings)]
