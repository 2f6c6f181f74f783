"""The portal of a town with notices and schedules in its files."""

from parvis_testing.portal import *
