"""Files that somebody of the town takes away from a page."""

from typing import Any

from litestar import Response


def taken_away(content: str | bytes, filename: str, kind: str) -> Response[Any]:
    """A file that the browser keeps and nobody on the way does."""
    headers = {"content-disposition": f'attachment; filename="{filename}"', "cache-control": "private, no-store"}
    return Response(content, media_type=kind, headers=headers)
