"""Where a gateway calls: a message that somebody sent, or what became of one of ours; believed by its signature."""

from litestar import Response
from litestar.exceptions import HTTPException

from parvis import clock
from parvis.api.calls import AnyRequest, Call, Given
from parvis.api.operations import operation
from parvis.i18n import gettext
from parvis_text_messages.filing import take_in
from parvis_text_messages.providers import GatewayCall, ReceivedText, Unreadable, provider_of
from parvis_text_messages.settings import Settings
from parvis_text_messages.statuses import take_status

LARGEST = 64_000  # bytes: a message is words and addresses of photos


@operation(
    "POST /text-messages",
    "For the text message gateway: a signed call with an incoming message, or the delivery status of one",
    any_query=True,
    pace="read",
    problems=(413, 422),
    tag="text-messages",
    largest=LARGEST,
    also_off=True,
)
async def take_text_message(call: Given[Call], request: AnyRequest) -> Response[bytes]:
    """The same message again has the same answer and changes nothing; STOP and START count in every town."""
    settings = call.host.of(Settings)
    if not settings.secret:
        raise HTTPException(status_code=404, detail=gettext("No text message gateway is set up here."))
    provider = provider_of(settings)
    headers = {name.lower(): value for name, value in request.headers.items()}
    query = request.scope["query_string"].decode("latin-1")
    came = GatewayCall(headers=headers, body=await request.body(), query=query, at=clock.now())
    try:
        if why := provider.believed(came, settings):
            raise HTTPException(status_code=401, detail=f"The call is not believed: {why}.")
        read = provider.read(provider, came)
    except Unreadable as error:
        raise HTTPException(status_code=422, detail=f"The call is not understood: {error}.") from error
    if isinstance(read, ReceivedText):
        await take_in(call.host, call.town, read)
    elif read is not None:
        await take_status(call.host, read)
    return Response(provider.answer, status_code=200, media_type=provider.content_type)
