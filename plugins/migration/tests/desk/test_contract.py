"""What holds for every module holds for migration."""

from parvis_testing.module_contract import ModuleContract


class TestMigration(ModuleContract):
    name = "migration"
    no_requesters = {
        "migration_batch": (
            *("jurisdiction", "name", "source", "file", "digest", "mapping"),
            *("by", "seen_by", "undone_by"),  # people of the town
        ),
        "migration_origin": ("key", "jurisdiction", "source"),
    }
