"""The portal of a town with dashboards."""

from parvis_testing.portal import *
