"""Finds blocking calls by reading the async functions of a plugin, including those that no test reaches."""

import ast
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.lines import place_of
from parvis_sdk.testing.imports import files_of
from parvis_sdk.text import Text

BLOCKING = frozenset(
    [
        "time.sleep",
        "os.system",
        "subprocess.run",
        "subprocess.call",
        "subprocess.check_call",
        "subprocess.check_output",
        "urllib.request.urlopen",
        "urllib.request.urlretrieve",
        "socket.create_connection",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "http.client.HTTPConnection",
        "http.client.HTTPSConnection",
        "smtplib.SMTP",
        "smtplib.SMTP_SSL",
        "ftplib.FTP",
        "imaplib.IMAP4_SSL",
        "sqlite3.connect",
        "psycopg.connect",
        "psycopg2.connect",
        "pymysql.connect",
        "MySQLdb.connect",
        "pyodbc.connect",
        "oracledb.connect",
        "httpx.get",
        "httpx.post",
        "httpx.put",
        "httpx.patch",
        "httpx.delete",
        "httpx.head",
        "httpx.request",
        "httpx.stream",
        "httpx.Client",
        "requests.get",
        "requests.post",
        "requests.put",
        "requests.patch",
        "requests.delete",
        "requests.head",
        "requests.request",
        "requests.Session",
    ]
)
WHAT = Text(
    fr="{function}() est async et appelle {call}, qui bloque", en="{function}() is async and calls {call}, which blocks"
)
TURNS = Text(
    fr="{function}() est async et tourne sans fin, sans rien attendre avec `await`",
    en="{function}() is async and turns for ever without awaiting anything",
)
STOPS = Text(
    fr="rien d’autre de l’extension ne se fait pendant ce temps", en="nothing else of the plugin runs meanwhile"
)
AWAIT_IT = Text(
    fr="attendez avec `await` (asyncio, httpx.AsyncClient), ou passez par asyncio.to_thread",
    en="await it (asyncio, httpx.AsyncClient), or go through asyncio.to_thread",
)
ENDS = (ast.Await, ast.AsyncFor, ast.AsyncWith, ast.Break, ast.Return, ast.Raise, ast.Yield)


def blocking_calls(plugin: ModuleType) -> Iterator[DeclarationMistake]:
    """Each call that blocks, and each loop without an end, in an async function of a plugin's own files."""
    package = plugin.__name__.partition(".")[0]
    if not getattr(plugin, "__file__", None):
        return  # made in a test, and written nowhere
    for file in files_of(plugin):
        tree = ast.parse(file.read_bytes())
        names = imported_names(tree)
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef)):
            for node in own_nodes(function):
                yield from _mistakes_of(node, function.name, names, file, package)


def _mistakes_of(
    node: ast.AST, function: str, names: dict[str, str], file: Path, package: str
) -> Iterator[DeclarationMistake]:
    match node:
        case ast.Call(func=called) if (call := whole_name(called, names)) in BLOCKING:
            what = WHAT.format(function=function, call=f"{call}()")
        case ast.While(test=ast.Constant(value=value)) if value and not any(
            isinstance(n, ENDS) for n in ast.walk(node)
        ):
            what = TURNS.format(function=function)
        case _:
            return
    line = place_of(str(file), package, node.lineno)
    yield DeclarationMistake(where=line, what=what, so_what=STOPS, now_what=AWAIT_IT)


def own_nodes(function: ast.AsyncFunctionDef) -> Iterator[ast.AST]:
    """The nodes that run in a function itself, without nested functions, which may run in a thread."""
    inside: list[ast.AST] = list(function.body)
    while inside:
        node = inside.pop(0)
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            inside[:0] = ast.iter_child_nodes(node)


def imported_names(tree: ast.AST) -> dict[str, str]:
    """The full name of each name that a file imports: `{"sleep": "time.sleep"}`."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                root = each.name.partition(".")[0]
                names[each.asname or root] = each.name if each.asname else root
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
    return names


def whole_name(called: ast.expr, names: dict[str, str]) -> str:
    """The full name of the called function; empty if it is not a plain name."""
    parts: list[str] = []
    while isinstance(called, ast.Attribute):
        parts.append(called.attr)
        called = called.value
    if not isinstance(called, ast.Name) or called.id not in names:
        return ""
    return ".".join((names[called.id], *reversed(parts)))
