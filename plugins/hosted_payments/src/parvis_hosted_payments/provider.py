"""The provider as the host knows it: opens payments, believes signed call-backs, looks up, lists, gives back."""

from datetime import datetime

import httpx
import msgspec

from parvis_hosted_payments.client import Client
from parvis_hosted_payments.mapping import order_sent, refund_sent, report_of, reports_in
from parvis_hosted_payments.settings import Settings
from parvis_sdk.errors import Later, Refused, must_fit
from parvis_sdk.payments import Begun, Order, Refund, Report, SignedCall
from parvis_sdk.signatures import trouble_with
from parvis_sdk.text import Text

LARGEST = 64_000  # bytes of a call-back that are looked at


class HostedPayments:
    """Payment on the provider's own pages, where no card number ever comes near the town."""

    name = "hosted_payments"
    title = Text(fr="Paiement en ligne", en="Online payment")

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    async def begin(self, order: Order, http: httpx.AsyncClient) -> Begun:
        """Open a session under our key; the provider answers the same one however often it is asked."""
        session = await self._client(order.town, http).open_session(order.key, order_sent(order))
        must_fit(order.key, session.client_reference, session.id)
        if (session.amount, session.currency.upper()) != (order.amount, order.currency):
            raise Refused(
                Text(fr="le prestataire a un autre montant sous cette clé", en="it holds another amount under this key")
            )
        return Begun(id=session.id, url=session.url)

    async def understand(self, call: SignedCall) -> list[Report]:
        """What a call-back says, once a secret of its town's account signed it within the window."""
        if len(call.body) > LARGEST:
            raise Refused("it is too long")
        account = self.settings.account(call.town)
        secrets = account.call_secrets if account else ()
        trouble = trouble_with(call.headers, call.body, call.at, secrets, self.settings.window)
        if trouble:
            raise Refused(trouble)
        try:
            return reports_in(call.body)
        except msgspec.MsgspecError as error:
            raise Refused(f"it cannot be read: {error}") from error

    async def look_up(self, key: str, town: str, http: httpx.AsyncClient) -> Report | None:
        """The session with our key."""
        session = await self._client(town, http).session_of(key)
        return report_of(session) if session is not None and session.client_reference == key else None

    async def listed(self, town: str, since: datetime, until: datetime, http: httpx.AsyncClient) -> list[Report]:
        """Every session of a town that changed within a period."""
        return [report_of(session) for session in await self._client(town, http).sessions(since, until)]

    async def refund(self, refund: Refund, http: httpx.AsyncClient) -> Report:
        """Give money back, once for each key."""
        session = await self._client(refund.town, http).give_back(refund.key, refund_sent(refund))
        must_fit(refund.payment, session.client_reference, session.id)
        must_fit(refund.id, session.id)
        return report_of(session)

    def _client(self, town: str, http: httpx.AsyncClient) -> Client:
        account = self.settings.account(town)
        if not self.settings.base_url or account is None:
            raise Later(
                Text(
                    fr="cette ville n’a pas encore de compte\u00a0: voyez les paramètres de hosted_payments",
                    en="this town has no account yet: see the settings of hosted_payments",
                )
            )
        return Client(self.settings.base_url, account, http)
