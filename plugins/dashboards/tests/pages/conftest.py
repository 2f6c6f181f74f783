"""The desk and the portal of a town with dashboards."""

from parvis_testing.desk import *
