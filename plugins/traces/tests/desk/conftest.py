"""The desk of a town whose processes may be followed."""

from parvis_testing.desk import *
