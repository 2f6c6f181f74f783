"""The desk of a town whose addresses are searched."""

from parvis_testing.desk import *
