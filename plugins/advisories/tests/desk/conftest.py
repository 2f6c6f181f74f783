"""The desk of a town with notices in its files."""

from parvis_testing.desk import *
