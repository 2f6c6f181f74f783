"""What Prometheus asks: `/metrics`, from an allowed address or with a token."""

from ipaddress import ip_address, ip_network

from litestar import Response, get
from litestar.exceptions import PermissionDeniedException
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from parvis.people.tokens import MachineToken, token_of
from parvis.web.operators.machines import NOT_KEPT
from parvis.web.operators.measures import AnswerWatch, MeasureSource
from parvis.web.pages import AnyRequest
from parvis.web.sign_in.guard import ALSO_OFF
from parvis_prometheus.collecting import MeasureCollector
from parvis_prometheus.counting import AnswerMeasures

METRICS = "/metrics"
OURS = "prometheus"
KIND = CONTENT_TYPE_PLAIN_0_0_4.removesuffix("; charset=utf-8")  # which the response adds: twice, nobody can read it
BEARER = "bearer "
FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")


@get(METRICS, opt={ALSO_OFF: True})
async def show_measures(request: AnyRequest) -> Response[bytes]:
    """The measures: all of them for monitors at an allowed address, those of its town for an `operate` token."""
    token = None if may_collect(request) else await token_in(request)
    if token is None and not may_collect(request):
        raise PermissionDeniedException("Measures are for monitors of this installation.")
    towns = request.app.state.deployment.host.jurisdictions.by_code
    if token is not None and {*towns} != {token.jurisdiction}:
        text = await collector_at(request).text_of_town(token.jurisdiction)
    else:
        counted: AnswerMeasures = request.app.state.counters[OURS]
        text = await collector_at(request).text(counted.registry)
    return Response(text, media_type=KIND, headers=NOT_KEPT)


def may_collect(request: AnyRequest) -> bool:
    """Whether the caller's address is one of those in the settings.

    Behind a proxy that the settings do not trust, every caller has the proxy's address: then nobody is let in by it.
    """
    settings = request.app.state.deployment.settings
    if not settings.trusted_proxies and any(name in request.headers for name in FORWARDED):
        return False
    try:
        caller = ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    caller = getattr(caller, "ipv4_mapped", None) or caller
    return any(caller in ip_network(allowed, strict=False) for allowed in settings.metrics_from)


async def token_in(request: AnyRequest) -> MachineToken | None:
    """The token of the call, where it may read measures: with `operate`, and over all of its town."""
    given = request.headers.get("authorization", "")
    if not given.lower().startswith(BEARER):
        return None
    token = await token_of(request.app.state.deployment.host.engine, given[len(BEARER) :].strip())
    return token if token is not None and token.allows("operate") and not token.is_limited else None


def collector_at(request: AnyRequest) -> MeasureCollector:
    """That of this application, anew for another deployment."""
    state = request.app.state
    known: MeasureCollector | None = state.get("collector")
    if known is None or known.deployment is not state.deployment:
        sources = state.nouns.of(MeasureSource, "operators.measures")
        known = state.collector = MeasureCollector(state.deployment, sources)
    return known


COUNTED = AnswerWatch(slot="operators.answers", name=OURS, made=AnswerMeasures, address=METRICS)
