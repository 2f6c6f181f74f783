"""The hooks of `large_print`."""

from collections.abc import Sequence

from parvis_large_print.setting import LargePrint
from parvis_large_print.settings import Settings
from parvis_sdk.document_renderers import DocumentRenderer
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text


@hookimpl
def settings() -> type[Settings]:
    return Settings


@hookimpl
def document_renderers(settings: Settings) -> Sequence[DocumentRenderer]:
    title = Text(fr="Gros caractères", en="Large print")
    return [DocumentRenderer(name="large_print", title=title, render=LargePrint(settings).render)]
