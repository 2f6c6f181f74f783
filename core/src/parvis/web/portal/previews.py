"""Files of a draft shown back to the person who sent them, and to nobody else."""

from typing import Any

from litestar import Request, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Stream

from parvis.requests.attached.attachments import kept
from parvis.web.addresses import patterns
from parvis.web.downloads import handed_out
from parvis.web.portal.drafting import working
from parvis.web.portal.visit import AtPortal

AnyRequest = Request[Any, Any, Any]


@get(patterns(":apply", "{theme:str}", "{slug:str}", ":files", "{id:str}"), name="preview")
async def preview(
    here: AtPortal, request: AnyRequest, theme: FromPath[str], slug: FromPath[str], id: FromPath[str]
) -> Stream:
    work = await working(here, here.request_type_at(theme, slug))
    file = await kept(id)
    if file is None or file.request is not None or file.holder != work.holder:
        raise NotFoundException("There is no such file.")
    return await handed_out(here.host, file, request=request)
