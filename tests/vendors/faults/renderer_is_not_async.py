"""A renderer that does not let others work meanwhile, and wants a minute for it."""

from parvis_sdk.document_renderers import DocumentRenderer, RenderedFile
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text


def render(document):
    return RenderedFile(content=b"%PDF-1.7\n%%EOF\n")


@hookimpl
def document_renderers():
    return [DocumentRenderer(name="Plain", title=Text(fr="Sobre", en="Plain"), render=render, seconds=60.0)]


# kit: parvis_bad/plugin.py:8 · document renderer 'Plain' · its name cannot be used · documents are made in the usual
#     way instead · write it in lowercase letters, digits and _, 30 at most
# kit: parvis_bad/plugin.py:8 · document renderer 'Plain' · seconds is not a time of … s or less · documents are made
#     in the usual way instead · write a number, such as 8.0
# kit: parvis_bad/plugin.py:8 · document renderer 'Plain' · its render is not async · documents are made in the usual
#     way instead · write `async def render(document, connection)`
# host: bad (parvis-bad 1.0) · document_renderers() · parvis_bad/plugin.py:8 · document renderer 'Plain' · its name
#     cannot be used · the plugin is left out · write it in lowercase letters, digits and _, 30 at most
# host: bad (parvis-bad 1.0) · document_renderers() · parvis_bad/plugin.py:8 · document renderer 'Plain' · seconds is
#     not a time of … s or less · the plugin is left out · write a number, such as 8.0
# host: bad (parvis-bad 1.0) · document_renderers() · parvis_bad/plugin.py:8 · document renderer 'Plain' · its render
#     is not async · the plugin is left out · write `async def render(document, connection)`
