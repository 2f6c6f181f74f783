"""The desk of a town whose operators say what programs may do."""

from parvis_testing.desk import *
