"""A renderer whose file does not say where it is verified."""

from parvis_sdk.document_renderers import DocumentRenderer, RenderedFile
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text


async def render(document, connection):
    return RenderedFile(content=b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n")


@hookimpl
def document_renderers():
    return [DocumentRenderer(name="plain", title=Text(fr="Sobre", en="Plain"), render=render)]


# kit: parvis_bad/plugin.py:8 · document renderer 'plain' · the file does not lead to where it is verified · documents
#     are made in the usual way instead · put a link to verification.url on one of its pages
