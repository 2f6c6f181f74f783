"""The API of a town with dashboards."""

from parvis.testing.api import *
