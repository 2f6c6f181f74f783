"""Each table belongs to the room that its docstring names; only what counts over all of them reads those of others."""

import ast

READERS_OF_ALL = {"db", "installation"}


def test_a_table_is_used_by_its_owner_alone(sources, root):
    modules = {f"parvis.db.{path.stem}": path for path in (root / "core/src/parvis/db").glob("*tables.py")}
    owners = {
        node.name: (ast.get_docstring(node) or "").partition(":")[0]
        for path in modules.values()
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef)
    }
    assert {"ServiceRequest", "Attachment", "Party", "Agent"} <= owners.keys()
    there = {path.stem for path in (root / "core/src/parvis").iterdir()}
    assert set(owners.values()) <= there
    strangers = []
    for path in sources:
        if "/src/parvis/" in path.as_posix():
            room = path.as_posix().partition("/src/parvis/")[2].partition("/")[0].removesuffix(".py")
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ImportFrom) and node.module in modules:
                    used = {alias.name for alias in node.names}
                    strangers += [(room, path.name, name) for name in used if owners.get(name, room) != room]
    assert [(room, file, name) for room, file, name in strangers if room not in READERS_OF_ALL] == []
