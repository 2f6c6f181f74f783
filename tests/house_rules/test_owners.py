"""Each table belongs to the room that its docstring names; only insights reads the tables of others."""

import ast

READERS_OF_ALL = {"db", "insights"}
TABLES = ("parvis.db.tables", "parvis.db.part_tables", "parvis.db.exchange_tables")


def test_a_table_is_used_by_its_owner_alone(sources, root):
    modules = [
        ast.parse((root / f"core/src/parvis/db/{name}.py").read_text())
        for name in ("tables", "part_tables", "exchange_tables")
    ]
    owners = {
        node.name: (ast.get_docstring(node) or "").partition(":")[0]
        for module in modules
        for node in module.body
        if isinstance(node, ast.ClassDef)
    }
    assert all((root / "core/src/parvis" / owner).is_dir() for owner in owners.values()), owners
    strangers = []
    for path in sources:
        if "/src/parvis/" in path.as_posix():
            room = path.as_posix().partition("/src/parvis/")[2].partition("/")[0]
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ImportFrom) and node.module in TABLES:
                    used = {alias.name for alias in node.names}
                    strangers += [(room, path.name, name) for name in used if owners.get(name, room) != room]
    assert [(room, file, name) for room, file, name in strangers if room not in READERS_OF_ALL] == []
