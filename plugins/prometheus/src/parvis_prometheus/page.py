"""What Prometheus asks: `/metrics`, from an allowed address or with a token."""

from ipaddress import ip_address, ip_network

from litestar import Response, get
from litestar.exceptions import PermissionDeniedException
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from parvis.people.tokens import token_of
from parvis.web.operators.machines import NOT_KEPT
from parvis.web.operators.measures import AnswerWatch, MeasureSource
from parvis.web.pages import AnyRequest
from parvis.web.sign_in.guard import ALSO_OFF
from parvis_prometheus.collecting import MeasureCollector
from parvis_prometheus.counting import AnswerMeasures

METRICS = "/metrics"
OURS = "prometheus"
BEARER = "bearer "
FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")


@get(METRICS, opt={ALSO_OFF: True})
async def show_measures(request: AnyRequest) -> Response[bytes]:
    """The measures, for monitors at an allowed address, or with an `operate` token without limits."""
    if not may_collect(request) and not await has_token(request):
        raise PermissionDeniedException("Measures are for monitors of this installation.")
    counted: AnswerMeasures = request.app.state.counters[OURS]
    text = await collector_at(request).text(counted.registry)
    return Response(text, media_type=CONTENT_TYPE_PLAIN_0_0_4, headers=NOT_KEPT)


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


async def has_token(request: AnyRequest) -> bool:
    given = request.headers.get("authorization", "")
    if not given.lower().startswith(BEARER):
        return False
    token = await token_of(request.app.state.deployment.host.engine, given[len(BEARER) :].strip())
    return token is not None and token.allows("operate") and not token.is_limited


def collector_at(request: AnyRequest) -> MeasureCollector:
    """That of this application, anew for another deployment."""
    state = request.app.state
    known: MeasureCollector | None = state.get("collector")
    if known is None or known.deployment is not state.deployment:
        sources = state.nouns.of(MeasureSource, "operators.measures")
        known = state.collector = MeasureCollector(state.deployment, sources)
    return known


COUNTED = AnswerWatch(slot="operators.answers", name=OURS, made=AnswerMeasures, address=METRICS)
