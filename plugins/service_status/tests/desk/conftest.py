"""The desk of a town that says how its service is."""

from parvis_testing.desk import *
