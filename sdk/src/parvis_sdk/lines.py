"""The line of a mistake in an author's files: the line that failed, or the one that declares what is wrong."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType, FunctionType, ModuleType

from parvis_sdk.errors import DeclarationMistake


def where_it_broke(error: BaseException, module: str) -> str:
    """The last line of the traceback in the package of `module`, as `package/file.py:41`."""
    package = module.partition(".")[0]
    place = ""
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "")
        if name == package or name.startswith(f"{package}."):
            place = place_of(trace.tb_frame.f_code.co_filename, package, trace.tb_lineno)
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.filename:
        place = place_of(error.filename, package, error.lineno or 1)
    return place


def where_it_stands(frame: FrameType | None, package: str) -> str:
    """The innermost line of that package which a thread is running, seen from its innermost frame."""
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if name == package or name.startswith(f"{package}."):
            return place_of(frame.f_code.co_filename, package, frame.f_lineno)
        frame = frame.f_back
    return ""


def where_broke_or_written(error: BaseException | None, function: object, module: ModuleType | None) -> str:
    """The line of the author's that broke, or else the line where the function is written."""
    broke = where_it_broke(error, module.__name__) if error is not None and module is not None else ""
    return broke or where_function_is(function, module)


def where_function_is(function: object, module: ModuleType | None) -> str:
    """The line where a function is written."""
    function = getattr(function, "__func__", function)
    if not isinstance(function, FunctionType) or module is None:
        return ""
    code = function.__code__
    return place_of(code.co_filename, module.__name__.partition(".")[0], code.co_firstlineno)


def where_word_stands(function: object, word: str, module: ModuleType | None) -> str:
    """The line in a function where a word is written as a string, or as the name of an argument (`note=`)."""
    function = getattr(function, "__func__", function)
    tree = _tree(module) if isinstance(function, FunctionType) and module is not None else None
    if not isinstance(function, FunctionType) or module is None or tree is None or not word:
        return ""
    first = function.__code__.co_firstlineno
    own = next((each for each in ast.walk(tree) if _begins_at(each, first)), None)
    for node in ast.walk(own) if own is not None else ():
        if (isinstance(node, ast.Constant) and node.value == word) or (
            isinstance(node, ast.keyword) and f"{node.arg}=" == word
        ):
            return place_of(function.__code__.co_filename, module.__name__.partition(".")[0], node.lineno)
    return ""


def _begins_at(node: ast.AST, line: int) -> bool:
    match node:
        case ast.AsyncFunctionDef() | ast.FunctionDef():
            return line in (node.lineno, *(each.lineno for each in node.decorator_list))
    return False


def where_declared(
    thing: object, mistake: DeclarationMistake, module: ModuleType | None, *, from_storage: bool = False
) -> str:
    """The line of the part of `thing` that a mistake is about; empty when it was made on the fly.

    What comes `from_storage` is looked for by its code, for it is not the very thing that the author wrote.
    """
    if module is None:
        return ""
    package = module.__name__.partition(".")[0]
    trees = {each: tree for each in _modules(package) if (tree := _tree(each)) is not None}
    for each, tree in trees.items():
        for name in (
            name for name, value in vars(each).items() if value is thing or (from_storage and _is_alike(value, thing))
        ):
            assigned = _assignment(tree, name)
            if assigned is not None:
                file, node = _nearest(each, assigned, trees, mistake)
                return place_of(file, package, _line_in(node, mistake.where.rpartition(" · ")[2]))
    return ""


def _line_in(node: ast.stmt | ast.expr, name: str) -> int:
    """The line on which a call is given what a mistake is about, such as `title=`; or else its own."""
    call = getattr(node, "value", node)
    given = call.keywords if isinstance(call, ast.Call) else []
    return next((word.value.lineno for word in given if word.arg == name), node.lineno)


def _is_alike(value: object, thing: object) -> bool:
    """Whether it is a declaration of the same kind and code."""
    return type(value) is type(thing) and getattr(value, "code", None) == getattr(thing, "code", object())


def _nearest(
    module: ModuleType, assigned: ast.stmt, trees: dict[ModuleType, ast.Module], mistake: DeclarationMistake
) -> tuple[str, ast.stmt | ast.expr]:
    """The innermost part that a mistake names: in the declaration, or elsewhere in the package when only one fits."""
    for on, code in reversed(re.findall(r"(\bon )?'([^']+)'", mistake.where)):
        word = "on" if on else "code"  # a message has no code: it is told by the step that it is sent on
        if inside := _calls(assigned, word, code):
            return str(module.__file__), inside[0]
        elsewhere = [(str(place.__file__), call) for place, tree in trees.items() for call in _calls(tree, word, code)]
        if len(elsewhere) == 1:
            return elsewhere[0]
    return str(module.__file__), assigned


def _modules(package: str) -> Iterator[ModuleType]:
    for name, module in sorted(sys.modules.items()):
        if (name == package or name.startswith(f"{package}.")) and getattr(module, "__file__", None):
            yield module


def _tree(module: ModuleType) -> ast.Module | None:
    try:
        return ast.parse(Path(str(module.__file__)).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return None


def _assignment(tree: ast.Module, name: str) -> ast.stmt | None:
    for node in tree.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return node
    return None


def _calls(tree: ast.AST, keyword: str, code: str) -> list[ast.expr]:
    """The calls that declare something of that code: `State(code="approved", ...)`, `Message(on="approve", ...)`."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and any(
            word.arg == keyword and isinstance(word.value, ast.Constant) and word.value.value == code
            for word in node.keywords
        )
    ]


def place_of(file: str, package: str, line: int) -> str:
    """A line as `package/file.py:41`, wherever the package is installed."""
    parts = Path(file).parts
    inside = parts[len(parts) - 1 - parts[::-1].index(package) :] if package in parts else parts[-1:]
    return f"{'/'.join(inside)}:{line}"
