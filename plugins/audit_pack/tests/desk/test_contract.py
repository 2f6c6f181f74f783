"""What holds for every module holds for the auditor’s pack."""

from parvis_testing.module_contract import ModuleContract


class TestAuditPack(ModuleContract):
    name = "audit_pack"
    opened_by = {
        ("GET", "/bureau/tableau/verification"): {"audit"},
        ("GET", "/bureau/tableau/verification/dossier.zip"): {"audit"},
    }
