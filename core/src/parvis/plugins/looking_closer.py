"""What `parvis plugins check` looks at beyond a start: the files of each plugin, and its texts in each language."""

from collections.abc import Iterator
from importlib.metadata import entry_points
from types import ModuleType

from parvis.plugins.module_discovery import GROUP
from parvis.plugins.registry import Plugin, PluginRegistry, module_of
from parvis.troubles import Trouble, Words
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.lines import place_of, where_declared
from parvis_sdk.testing.blocking_calls import blocking_calls
from parvis_sdk.testing.imports import files_of, imported, is_forbidden
from parvis_sdk.testing.texts import missing_words_in
from parvis_sdk.text import Text

IMPORTS = Text(fr="{name} est importé", en="it imports {name}")
THIS_RELEASE = Text(
    fr="elle ne marche qu’avec cette version de Parvis, la prochaine peut la casser",
    en="it works with this release of Parvis only, the next one may break it",
)
THE_SDK = Text(fr="importez parvis_sdk et vos propres bibliothèques", en="import parvis_sdk and libraries of your own")
NO_WORDS = Text(
    fr="il n’y a pas de mots en «\u00a0{language}\u00a0» ({words})",
    en="there are no words in “{language}” ({words})",
)
IN_FRENCH = Text(
    fr="qui lit l’autre langue de la ville y lit du français", en="whoever reads the town’s other language reads French"
)
WRITE_THEM = Text(fr="écrivez-les", en="write them")


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
            yield from _untranslated(plugin, plugins, code, languages, module)


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
    plugin: Plugin, plugins: PluginRegistry, code: str, languages: tuple[str, ...], module: ModuleType
) -> Iterator[Trouble]:
    request_type = plugins.request_types[code]
    for path, language, words in missing_words_in(request_type, languages):
        here = DeclarationMistake(where=path.replace("[", "['").replace("]", "']"), what="", now_what="")
        line = where_declared(request_type, here, module, from_storage=True)
        where = " · ".join(part for part in (line, f"request type {code!r}", path) if part)
        what = NO_WORDS.format(language=language, words=repr(words))
        yield _complaint(plugin, where, what, IN_FRENCH, WRITE_THEM)


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
