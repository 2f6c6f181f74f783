"""What the answer to each hook must be: its type, whether its nouns can work, and what is said where they cannot."""

import inspect
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

import msgspec
from msgspec import Struct, structs

from parvis.plugins.registry import folder_of, module_of
from parvis.troubles import Words, said
from parvis_sdk.channels import Channel
from parvis_sdk.chores import Chore, chore_mistakes
from parvis_sdk.commands import Command, command_mistakes
from parvis_sdk.connectors import Connector
from parvis_sdk.contact_methods import mistakes_in
from parvis_sdk.document_renderers import DocumentRenderer, renderer_mistakes
from parvis_sdk.documents import Document
from parvis_sdk.endpoints import Endpoint, endpoint_mistakes
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.events import Event
from parvis_sdk.figures import MOST_FIGURES, Figure, figure_mistakes
from parvis_sdk.file_stores import FileStore, store_mistakes
from parvis_sdk.identity_providers import IdentityProvider, provider_mistakes
from parvis_sdk.lines import where_declared, where_function_is
from parvis_sdk.locators import Locator
from parvis_sdk.made_of import shape_mistakes, strange_words
from parvis_sdk.pages import FEWER, MOST_PAGES, TOO_MANY, Page, page_mistakes
from parvis_sdk.panels import MOST_PANELS, Panel, panel_mistakes
from parvis_sdk.parts import Part
from parvis_sdk.payments import PaymentProvider
from parvis_sdk.request_types import RequestType, dump_type, load_type, nouns_of
from parvis_sdk.scope_mistakes import misshapen_scopes
from parvis_sdk.subscription_mistakes import given_otherwise, takes_what_it_is_given
from parvis_sdk.subscriptions import Need, Subscription
from parvis_sdk.text import Text
from parvis_sdk.virus_scanners import VirusScanner, scanner_mistakes

INSTEAD = Text(fr="valeur reçue\u00a0: {given}, au lieu de {wanted}", en="it returned {given} instead of {wanted}")
AT_PLACE = Text(
    fr="valeur reçue\u00a0: {given} à la position {place}, au lieu de {kind}",
    en="it returned {given} at position {place} instead of a {kind}",
)
A_STRUCT = Text(fr="un struct", en="a struct")
A_LIST = Text(fr="une liste", en="a list")
THE_CLASS = Text(
    fr="renvoyez la classe elle-même, une sous-classe de msgspec.Struct",
    en="return the class itself, a subclass of msgspec.Struct",
)
ANSWER_LIST = Text(fr="renvoyez une liste de {kind}", en="return a list of {kind}")
ONLY = Text(fr="renvoyez une liste de {kind} seulement", en="return a list of {kind} only")
MADE_OF = Text(
    fr="le type de requête {code} est mal déclaré\u00a0: {error}",
    en="request type {code} is not declared correctly: {error}",
)
GIVE_TYPES = Text(
    fr="donnez à chaque champ une valeur du type déclaré",
    en="give each field a value of its declared type",
)
ADD_THE_FILE = Text(
    fr="ajoutez le fichier au paquet, ou corrigez son nom", en="add the file to the package, or correct its name"
)
A_SUBSCRIPTION = Text(fr="l’abonnement {name}", en="subscription {name}")
A_CONNECTOR = Text(fr="le connecteur {name}", en="connector {name}")
REQUEST_TYPES = Text(fr="types de requête", en="request types")
SUBSCRIPTIONS = Text(fr="abonnements", en="subscriptions")
CONNECTORS = Text(fr="connecteurs", en="connectors")
COMMANDS = Text(fr="commandes", en="commands")
ENDPOINTS = Text(fr="points d’accès", en="endpoints")
CHORES = Text(fr="tâches", en="chores")
PROVIDERS = Text(fr="fournisseurs d’identité", en="identity providers")
RENDERERS = Text(fr="rendus de documents", en="document renderers")
PANELS = Text(fr="panneaux", en="panels")
SCANNERS = Text(fr="antivirus", en="virus scanners")
STORES = Text(fr="magasins de fichiers", en="file stores")
PAGES = Text(fr="pages", en="pages")
FIGURES = Text(fr="chiffres", en="figures")
NOUNS: dict[type, tuple[Text, Text]] = {
    Channel: (Text(fr="le canal {name}", en="channel {name}"), Text(fr="canaux", en="channels")),
    Locator: (Text(fr="le localisateur {name}", en="locator {name}"), Text(fr="localisateurs", en="locators")),
    PaymentProvider: (
        Text(fr="le prestataire de paiement {name}", en="payment provider {name}"),
        Text(fr="prestataires de paiement", en="payment providers"),
    ),
}
NO_EVENT = Text(fr="{who} ne nomme aucun événement", en="{who} names no event")
GIVE_ON = Text(
    fr="donnez à @on au moins une classe de parvis_sdk.events", en="give @on at least one class of parvis_sdk.events"
)
GIVE_IT = Text(
    fr="donnez-lui au moins une classe de parvis_sdk.events", en="give it at least one class of parvis_sdk.events"
)
NOT_ASYNC = Text(fr="{who} a un {name} qui n’est pas async", en="{who} has a {name} that is not async")
ASYNC_DEF = Text(fr="écrivez-le avec `async def`", en="write it with `async def`")
OF_IT = Text(fr="{who}\u00a0: {what}", en="{who}: {what}")
NO_NAME = Text(fr="{who} n’a pas de nom", en="{who} has no name")
AS_DOCUMENTED = Text(
    fr="consultez ContactMethod dans parvis_sdk.contact_methods", en="see ContactMethod in parvis_sdk.contact_methods"
)
SHORT_NAME = Text(fr="donnez-lui un nom court en minuscules", en="give it a short name in lowercase letters")
NO_USABLE_NAME = Text(fr="{who} n’a pas de nom utilisable", en="{who} has no usable name")
NO_LAYER_NAME = Text(
    fr="{who} a une couche sans nom utilisable, {layer}", en="{who} has a layer without a usable name, {layer}"
)
SMALL_LETTERS = Text(
    fr="écrivez-le en minuscules, chiffres, _ et -", en="write it in lowercase letters, digits, _ and -"
)
UNKNOWN_NEED = Text(fr="{who} demande {need}, qui est inconnu", en="{who} needs {need}, which is unknown")
ONE_OF = Text(fr="prenez-en un parmi {offered}", en="use one of {offered}")
SAME_NAME = Text(fr="deux {things} ont le nom {name}", en="two {things} have the name {name}")
EACH_ITS_OWN = Text(fr="donnez à chacun le sien", en="give each its own")


MOST = 200_000  # bytes
NO_PACKAGE = Text(
    fr="l’extension n’est pas un paquet et n’a donc pas de fichiers",
    en="the plugin is not a package, so it has no files",
)
UNREADABLE = Text(fr="{file} est illisible ({why})", en="{file} cannot be read ({why})")
NOT_UTF_8 = Text(fr="ce n’est pas de l’UTF-8", en="it is not UTF-8")
TOO_LONG = Text(fr="{file} dépasse {most} octets", en="{file} is longer than {most} bytes")


def with_sources(request_type: RequestType, folder: Path | None) -> RequestType:
    """The type with the text of each template that can be read; requests are pinned to it so."""
    if not any(each.template for each in request_type.of(Document)):
        return request_type
    return structs.replace(request_type, parts=tuple(_with_source(part, folder) for part in request_type.parts))


def unreadable(request_type: RequestType, folder: Path | None) -> Iterator[tuple[Document, Text]]:
    """The documents whose template cannot be read, each with the reason."""
    for document in request_type.of(Document):
        if document.template and (reason := _trouble(document, folder)):
            yield document, reason


def _with_source(part: Part, folder: Path | None) -> Part:
    if not isinstance(part, Document) or not part.template or folder is None or _trouble(part, folder):
        return part
    return structs.replace(part, source=(folder / part.template).read_text("utf-8"))


def _trouble(document: Document, folder: Path | None) -> Text | None:
    if folder is None:
        return NO_PACKAGE
    try:
        text = (folder / document.template).read_bytes()
        text.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return UNREADABLE.format(file=document.template, why=getattr(error, "strerror", None) or NOT_UTF_8)
    return TOO_LONG.format(file=document.template, most=MOST) if len(text) > MOST else None


NAME = re.compile(r"[a-z][a-z0-9_-]{1,59}")


class Wrong(Struct, frozen=True, kw_only=True):
    """One thing that is wrong with an answer: on which line, when one is known, and in which part of it."""

    line: str = ""
    part: str = ""
    what: Words
    now_what: Words


def settings_wrongs(answer: Any, plugin: object) -> Iterator[Wrong]:
    """A class of settings."""
    if not (inspect.isclass(answer) and issubclass(answer, Struct)):
        what = INSTEAD.format(given=shown(answer), wanted=A_STRUCT)
        yield Wrong(what=what, now_what=THE_CLASS)


def request_type_wrongs(answer: Any, plugin: object) -> Iterator[Wrong]:
    """A list of request types, each without a mistake and the same when it comes back from the database."""
    yield from _list_wrongs(answer, RequestType)
    request_types = [each for each in items(answer) if isinstance(each, RequestType)]
    yield from _twice([request_type.code for request_type in request_types], REQUEST_TYPES)
    for request_type in request_types:
        if unlike := tuple(shape_mistakes(request_type)):
            within = (each.within(f"request type {request_type.code!r}") for each in unlike)
            yield from (_wrong_at(request_type, mistake, plugin) for mistake in within)
            continue
        try:
            stored = load_type(dump_type(request_type), nouns_of(request_type))
        except (msgspec.MsgspecError, TypeError, ValueError, RecursionError) as error:
            what = MADE_OF.format(code=repr(request_type.code), error=error)
            yield Wrong(what=what, now_what=GIVE_TYPES)
            continue
        for document, reason in unreadable(stored, folder_of(plugin)):
            part = f"request type {request_type.code!r} · document {document.code!r}"
            yield Wrong(part=part, what=reason, now_what=ADD_THE_FILE)
        for mistake in with_sources(stored, folder_of(plugin)).mistakes():
            yield _wrong_at(request_type, mistake, plugin)


def _wrong_at(request_type: RequestType, mistake: DeclarationMistake, plugin: object) -> Wrong:
    """A mistake in a declaration, with the line of the part that it is about."""
    inner, what = mistake.where.rpartition(" · ")[2], said(mistake.what)
    part = mistake.where.removesuffix(inner).removesuffix(" · ") if what.startswith(inner) else mistake.where
    line = where_declared(request_type, mistake, module_of(plugin))
    return Wrong(line=line, part=part, what=mistake.what, now_what=mistake.now_what)


def subscription_wrongs(answer: Any, plugin: object) -> Iterator[Wrong]:
    """A list of subscriptions to events that exist, with handlers that can be awaited."""
    yield from _list_wrongs(answer, Subscription)
    subscriptions = [each for each in items(answer) if isinstance(each, Subscription)]
    yield from _twice([each.name for each in subscriptions], SUBSCRIPTIONS)
    for each in subscriptions:
        who = A_SUBSCRIPTION.format(name=repr(each.name))
        if not each.events or not all(map(_is_event, each.events)):
            yield Wrong(what=NO_EVENT.format(who=who), now_what=GIVE_ON)
        if not _is_async(each.handler):
            yield Wrong(what=NOT_ASYNC.format(who=who, name="handler"), now_what=ASYNC_DEF)
        elif not takes_what_it_is_given(each):
            line = where_function_is(each.handler, module_of(plugin))
            what, now_what = given_otherwise(each)
            yield Wrong(line=line, what=OF_IT.format(who=who, what=what), now_what=now_what)
        for what, _, now_what in misshapen_scopes(each):
            yield Wrong(what=OF_IT.format(who=who, what=what), now_what=now_what)
        yield from _need_wrongs(who, each.needs)


def channel_wrongs(answer: Any, plugin: object) -> Iterator[Wrong]:
    """A list of channels, each with a name and an async `send`."""
    yield from _noun_wrongs(answer, Channel, ("send",))
    for each in items(answer):
        method = getattr(each, "contact_method", None)
        if method is not None and isinstance(each, Channel) and not inspect.isclass(each):
            yield from (Wrong(what=what, now_what=AS_DOCUMENTED) for what in mistakes_in(method, str(each.name)))


def connector_wrongs(answer: Any, plugin: object) -> Iterator[Wrong]:
    """A list of connectors to other systems: events that exist, known needs, and async functions."""
    yield from _list_wrongs(answer, Connector)
    connectors = [each for each in items(answer) if isinstance(each, Connector)]
    yield from _twice([each.name for each in connectors], CONNECTORS)
    for each in connectors:
        who = A_CONNECTOR.format(name=repr(each.name))
        if not NAME.fullmatch(str(each.name)):
            yield Wrong(what=NO_USABLE_NAME.format(who=who), now_what=SMALL_LETTERS)
        if not (each.events or each.layers) or not all(map(_is_event, each.events)):
            yield Wrong(what=NO_EVENT.format(who=who), now_what=GIVE_IT)
        for layer in each.layers:
            if not NAME.fullmatch(str(layer)):
                what = NO_LAYER_NAME.format(who=who, layer=repr(layer))
                yield Wrong(what=what, now_what=SMALL_LETTERS)
        yield from _need_wrongs(who, each.needs)
        for name in ("deliver", "changes", "understand", "check", "listed", "trial"):
            function = getattr(each, name)
            if function is not None and not _is_async(function):
                yield Wrong(what=NOT_ASYNC.format(who=who, name=name), now_what=ASYNC_DEF)


def locator_wrongs(answer: Any, plugin: object) -> Iterator[Wrong]:
    """A list of locators, each with a name and three async methods."""
    yield from _noun_wrongs(answer, Locator, ("find", "address_at", "facts_at"))


def payment_wrongs(answer: Any, plugin: object) -> Iterator[Wrong]:
    """A list of payment providers, each with a name, a title and five async methods."""
    yield from _noun_wrongs(answer, PaymentProvider, ("begin", "understand", "look_up", "listed", "refund"))


def with_code(
    noun: type[Any],
    things: Text,
    function: str,
    mistakes: Callable[[Any], Iterator[DeclarationMistake]],
    most: int | None = None,
) -> Callable[[Any, object], Iterator[Wrong]]:
    """What looks over a list of nouns, each with a code of its own and nothing that its sdk calls a mistake; a mistake
    is told at the line of its function."""

    def wrongs(answer: Any, plugin: object) -> Iterator[Wrong]:
        yield from _list_wrongs(answer, noun)
        nouns = [each for each in items(answer) if isinstance(each, noun)]
        if most is not None and len(nouns) > most:
            yield Wrong(what=TOO_MANY.format(count=len(nouns), most=most), now_what=FEWER)
        yield from _twice([each.code for each in nouns], things)
        for each in nouns:
            line = where_function_is(getattr(each, function), module_of(plugin))
            for mistake in mistakes(each):
                yield Wrong(line=line, part=mistake.where, what=mistake.what, now_what=mistake.now_what)

    return wrongs


def scanner_wrongs(answer: Any, plugin: object) -> Iterator[Wrong]:
    """A list of virus scanners, each with nothing that its sdk calls a mistake."""
    return _chosen_wrongs(answer, VirusScanner, SCANNERS, scanner_mistakes, "scan")


def store_wrongs(answer: Any, plugin: object) -> Iterator[Wrong]:
    """A list of file stores, each with nothing that its sdk calls a mistake."""
    return _chosen_wrongs(answer, FileStore, STORES, store_mistakes, "keep")


def renderer_wrongs(answer: Any, plugin: object) -> Iterator[Wrong]:
    """A list of document renderers, each with nothing that its sdk calls a mistake."""
    return _chosen_wrongs(answer, DocumentRenderer, RENDERERS, renderer_mistakes, "render")


def provider_wrongs(answer: Any, plugin: object) -> Iterator[Wrong]:
    """A list of identity providers, each with a name of its own and nothing that its sdk calls a mistake."""
    return _chosen_wrongs(answer, IdentityProvider, PROVIDERS, provider_mistakes)


def _chosen_wrongs(
    answer: Any, kind: Any, several: Text, mistakes: Callable[[Any], Iterator[DeclarationMistake]], method: str = ""
) -> Iterator[Wrong]:
    yield from _list_wrongs(answer, kind)
    nouns = [each for each in items(answer) if not inspect.isclass(each) and isinstance(each, kind)]
    yield from _twice([each.name for each in nouns], several)
    for each in nouns:
        function = getattr(each, method, None)
        line = where_function_is(function, sys.modules.get(getattr(function, "__module__", ""))) if function else ""
        for mistake in mistakes(each):
            yield Wrong(line=line, part=mistake.where, what=mistake.what, now_what=mistake.now_what)


CHECKS: dict[str, Callable[[Any, object], Iterator[Wrong]]] = {
    "settings": settings_wrongs,
    "request_types": request_type_wrongs,
    "subscriptions": subscription_wrongs,
    "channels": channel_wrongs,
    "connectors": connector_wrongs,
    "locators": locator_wrongs,
    "payments": payment_wrongs,
    "panels": with_code(Panel, PANELS, "show", panel_mistakes, MOST_PANELS),
    "chores": with_code(Chore, CHORES, "work", chore_mistakes),
    "virus_scanners": scanner_wrongs,
    "identity_providers": provider_wrongs,
    "file_stores": store_wrongs,
    "document_renderers": renderer_wrongs,
    "pages": with_code(Page, PAGES, "show", page_mistakes, MOST_PAGES),
    "commands": with_code(Command, COMMANDS, "run", command_mistakes),
    "figures": with_code(Figure, FIGURES, "count", figure_mistakes, MOST_FIGURES),
    "endpoints": with_code(Endpoint, ENDPOINTS, "answer", endpoint_mistakes),
}


def items(answer: Any) -> Sequence[Any]:
    """The members of an answer that is a list, and nothing of any other."""
    return answer if isinstance(answer, list | tuple) else ()


def shown(value: Any) -> Text:
    """A value as a message names it: what it is, and not all of it."""
    if value is None:
        return Text(fr="rien", en="nothing")
    if inspect.isclass(value):
        return Text(fr=f"la classe {value.__name__}", en=f"the class {value.__name__}")
    if inspect.isroutine(value):
        return Text(fr=f"la fonction {value.__name__}()", en=f"the function {value.__name__}()")
    kind = type(value).__name__
    return Text(fr=f"une valeur de type {kind}", en=f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}")


def _list_wrongs(answer: Any, kind: type) -> Iterator[Wrong]:
    if not isinstance(answer, list | tuple):
        what = INSTEAD.format(given=shown(answer), wanted=A_LIST)
        yield Wrong(what=what, now_what=ANSWER_LIST.format(kind=kind.__name__))
    for place, member in enumerate(items(answer)):
        if inspect.isclass(member) or not isinstance(member, kind):
            what = AT_PLACE.format(given=shown(member), place=place, kind=kind.__name__)
            yield Wrong(what=what, now_what=ONLY.format(kind=kind.__name__))
            continue
        strange = strange_words(member)
        yield from (Wrong(part=each.where, what=each.what, now_what=each.now_what) for each in strange)


def _noun_wrongs(
    answer: Any, kind: type[Channel | Locator | PaymentProvider], methods: tuple[str, ...]
) -> Iterator[Wrong]:
    yield from _list_wrongs(answer, kind)
    nouns = [each for each in items(answer) if not inspect.isclass(each) and isinstance(each, kind)]
    one, several = NOUNS[kind]
    yield from _twice([each.name for each in nouns], several)
    for each in nouns:
        name: Any = each.name
        who = one.format(name=repr(name))
        if not isinstance(name, str) or not name:
            yield Wrong(what=NO_NAME.format(who=who), now_what=SHORT_NAME)
        for method in methods:
            if not _is_async(getattr(each, method)):
                yield Wrong(what=NOT_ASYNC.format(who=who, name=f"{method}()"), now_what=ASYNC_DEF)


def _need_wrongs(who: Text, needs: Sequence[str]) -> Iterator[Wrong]:
    for need in needs:
        if need not in get_args(Need):
            offered = ", ".join(get_args(Need))
            what = UNKNOWN_NEED.format(who=who, need=repr(need))
            yield Wrong(what=what, now_what=ONE_OF.format(offered=offered))


def _twice(names: list[Any], things: Text) -> Iterator[Wrong]:
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield Wrong(what=SAME_NAME.format(things=things, name=repr(name)), now_what=EACH_ITS_OWN)


def _is_event(event: Any) -> bool:
    return inspect.isclass(event) and issubclass(event, Event)


def _is_async(function: Any) -> bool:
    called = function if inspect.isroutine(function) else type(function).__call__
    return inspect.iscoroutinefunction(called)
