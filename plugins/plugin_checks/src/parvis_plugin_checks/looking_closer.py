"""What `parvis plugins check` looks at beyond a start: the files of each plugin, and its texts in each language."""

from collections.abc import Iterator
from importlib.metadata import entry_points
from types import ModuleType

from parvis.plugins.module_discovery import GROUP
from parvis.plugins.registry import Plugin, PluginRegistry, module_of
from parvis.troubles import Trouble, Words
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.lines import place_of, where_declared
from parvis_sdk.plugin_mistakes import ONE_SHELF, SAME_THEME
from parvis_sdk.request_types import RequestType
from parvis_sdk.testing.blocking_calls import blocking_calls
from parvis_sdk.testing.imports import files_of, imported, is_forbidden
from parvis_sdk.testing.texts import missing_words_in, place_in, unlike_names_in
from parvis_sdk.text import Text

IMPORTS = Text(fr="{name} est importé", en="it imports {name}")
THIS_RELEASE = Text(
    fr="l’extension ne fonctionne qu’avec cette version de Parvis; la prochaine pourrait la briser",
    en="the plugin works with this release of Parvis only; the next one may break it",
)
THE_SDK = Text(
    fr="importez seulement parvis_sdk et vos propres bibliothèques", en="import only parvis_sdk and your own libraries"
)
NO_WORDS = Text(
    fr="il manque des textes en «\u00a0{language}\u00a0» ({words})",
    en="there are texts missing in “{language}” ({words})",
)
IN_FRENCH = Text(
    fr="les personnes qui lisent l’autre langue de la ville y voient du français",
    en="people who read the town’s other language see French",
)
UNLIKE = Text(
    fr="les deux langues n’ont pas les mêmes champs ({names})",
    en="the languages do not have the same placeholders ({names})",
)
NOT_FILLED = Text(fr="le texte diffère d’une langue à l’autre", en="the text differs between languages")
SAME_NAMES = Text(fr="écrivez les mêmes {noms} dans les deux", en="write the same {names} in both")
WRITE_THEM = Text(fr="écrivez-les", en="write them")


OTHER_THEME = Text(
    fr="le thème {theme} est déclaré autrement que par {other} ({owner})",
    en="the theme {theme} is declared differently by {other} ({owner})",
)


def closer_look(plugins: PluginRegistry, languages: tuple[str, ...] = ("fr",)) -> Iterator[Trouble]:
    """A complaint for each thing that a start does not find; `languages` are those of the towns."""
    for plugin in plugins.by_name.values():
        module = module_of(plugin.module)
        if plugin.origin.built_in or module is None or not getattr(module, "__file__", None):
            continue
        yield from _imports(plugin, module)
        for mistake in blocking_calls(module):
            yield _complaint(plugin, mistake.where, mistake.what, mistake.so_what, mistake.now_what)
        for code in plugin.request_types:
            yield from _untranslated(plugin, plugins.request_types[code], languages, module)
    yield from _themes(plugins)


def _themes(plugins: PluginRegistry) -> Iterator[Trouble]:
    """A theme that is declared in two ways: first stands what is built in, then the plugins by their names."""
    first: dict[str, tuple[Plugin, RequestType]] = {}
    for plugin in plugins.by_name.values():
        for request_type in (plugins.request_types[code] for code in plugin.request_types):
            theme = request_type.theme
            other, theirs = first.setdefault(theme.code, (plugin, request_type))
            if theirs.theme == theme or plugin.origin.built_in:
                continue
            here = DeclarationMistake(where=f"request type {request_type.code!r} · theme", what="", now_what="")
            line = where_declared(request_type, here, module_of(plugin.module), from_storage=True)
            where = " · ".join(part for part in ("request_types()", line, here.where) if part)
            what = OTHER_THEME.format(theme=repr(theme.code), other=repr(theirs.code), owner=str(other.origin))
            yield _complaint(plugin, where, what, ONE_SHELF, SAME_THEME)


def _imports(plugin: Plugin, module: ModuleType) -> Iterator[Trouble]:
    package = module.__name__.partition(".")[0]
    if package in {point.module.partition(".")[0] for point in entry_points(group=GROUP)}:
        return  # a module of the host, which may
    for file in files_of(module):
        for line, name in imported(file):
            if is_forbidden(name, package):
                where = place_of(str(file), package, line)
                yield _complaint(plugin, where, IMPORTS.format(name=name), THIS_RELEASE, THE_SDK)


def _untranslated(
    plugin: Plugin, request_type: RequestType, languages: tuple[str, ...], module: ModuleType
) -> Iterator[Trouble]:
    def at(path: str) -> str:
        line = where_declared(request_type, place_in(path), module, from_storage=True)
        return " · ".join(part for part in (line, f"request type {request_type.code!r}", path) if part)

    for path, language, words in missing_words_in(request_type, languages):
        yield _complaint(plugin, at(path), NO_WORDS.format(language=language, words=repr(words)), IN_FRENCH, WRITE_THEM)
    for path, names in unlike_names_in(request_type):
        unlike = "; ".join(f"{language}: {', '.join(sorted(each)) or '—'}" for language, each in names.items())
        yield _complaint(plugin, at(path), UNLIKE.format(names=unlike), NOT_FILLED, SAME_NAMES)


def _complaint(plugin: Plugin, where: str, what: Words, so_what: Words, now_what: Words) -> Trouble:
    return Trouble(
        who=str(plugin.origin),
        where=where,
        what=what,
        so_what=so_what,
        now_what=now_what,
        plugin=plugin.name,
        severe=False,
    )
