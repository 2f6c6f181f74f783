"""To anybody: the built site of the documentation, file by file, where the installation serves it itself."""

import mimetypes
from datetime import timedelta
from pathlib import Path

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import File, Redirect

from parvis.i18n import language
from parvis.web.pages import AnyRequest
from parvis.web.portal.visit import AtPortal
from parvis_guides.pages import FIRST, page_of
from parvis_guides.settings import SERVED, folder_of

KEPT = timedelta(minutes=10)


@get(SERVED, name="documentation")
async def open_first(here: AtPortal) -> Redirect:
    """The first page of the guides, in the reader's language."""
    if folder_of(here.host.plugins) is None:
        raise NotFoundException("The documentation is not served here.")
    return Redirect(f"{SERVED}/{page_of(FIRST, language())}", status_code=303)


@get(f"{SERVED}/{{file:path}}", name="documentation-file")
async def send_file(here: AtPortal, request: AnyRequest, file: FromPath[Path]) -> File:
    """A file of the site, and nothing that lies outside its folder."""
    folder = folder_of(here.host.plugins)
    wanted = (folder / str(file).lstrip("/")).resolve() if folder else None
    if folder is None or wanted is None or not wanted.is_relative_to(folder.resolve()) or not wanted.is_file():
        raise NotFoundException("There is no such page of the documentation.")
    return File(
        wanted,
        media_type=mimetypes.guess_type(wanted.name)[0] or "application/octet-stream",
        content_disposition_type="inline",
        headers={"cache-control": f"public, max-age={int(KEPT.total_seconds())}"},
    )
