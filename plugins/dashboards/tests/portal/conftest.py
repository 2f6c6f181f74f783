"""The portal of a town with dashboards."""

from parvis.testing.portal import *
