"""What holds for every module holds for the metrics of Prometheus."""

from parvis_testing.module_contract import ModuleContract


class TestPrometheus(ModuleContract):
    name = "prometheus"
