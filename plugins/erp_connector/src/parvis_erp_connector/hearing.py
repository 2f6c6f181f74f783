"""What the ERP, or what stands between, tells us by itself: that something changed there; it is asked at once."""

from collections.abc import Sequence

from parvis_erp_connector.settings import Invoices, Settings, WorkOrders
from parvis_sdk.endpoints import Endpoint, EndpointAnswer, EndpointRequest, Signed
from parvis_sdk.text import Text

TITLE = Text(fr="Changement dans l’ERP\u00a0: {name}", en="Change in the ERP: {name}")


async def changed(asked: EndpointRequest) -> EndpointAnswer:
    """Whatever it says, what is true is read there: a call can move nothing by itself."""
    return EndpointAnswer(status=202, ask_for_news=True)


def endpoints_of(settings: Settings) -> Sequence[Endpoint]:
    """One address for each connector that has a secret for calls."""
    every: tuple[WorkOrders | Invoices, ...] = (*settings.work_orders, *settings.invoices)
    return [_endpoint(settings, each) for each in every if _has(settings, each)]


def _has(settings: Settings, each: WorkOrders | Invoices) -> bool:
    return any(name.partition("@")[0] == each.name for name, words in settings.call_secrets.items() if words)


def _endpoint(settings: Settings, each: WorkOrders | Invoices) -> Endpoint:
    def secrets(town: str) -> tuple[str, ...]:
        return tuple(settings.call_secrets.get(f"{each.name}@{town}", "").split())

    return Endpoint(
        code=each.name,
        title=TITLE.format(name=each.name),
        auth=Signed(secrets=secrets),
        answer=changed,
        towns=each.towns,
        connector=each.name,
        largest=100_000,
    )
