"""The desk and the portal of a town with dashboards."""

from parvis.testing.desk import *
