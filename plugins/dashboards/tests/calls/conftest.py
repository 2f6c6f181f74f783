"""The API of a town with dashboards."""

from parvis_testing.api import *
