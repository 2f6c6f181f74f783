"""A renderer that answers the words of a document instead of a file."""

from parvis_sdk.document_renderers import DocumentRenderer
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text


async def render(document, connection):
    return "\n".join(words for page in document.pages for words in page.body)


@hookimpl
def document_renderers():
    return [DocumentRenderer(name="plain", title=Text(fr="Sobre", en="Plain"), render=render)]


# kit: parvis_bad/plugin.py:8 · document renderer 'plain' · render answered str instead of a RenderedFile · documents
#     are made in the usual way instead · answer RenderedFile(content=…), with bytes
