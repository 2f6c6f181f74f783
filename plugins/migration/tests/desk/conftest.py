"""The desk of a town with requests of another system."""

from parvis_testing.desk import *
