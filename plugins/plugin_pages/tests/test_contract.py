"""What holds for every module holds for pages of plugins."""

from parvis_testing.module_contract import ModuleContract


class TestPluginPages(ModuleContract):
    name = "plugin_pages"
    opened_by = {("GET", "/bureau/pages/{plugin}/{code}"): {"see", "operate", "report", "privacy"}}
    of_things = ("/bureau/pages/",)
