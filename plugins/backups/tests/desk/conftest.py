"""The desk of a town whose installation is backed up."""

from parvis_testing.desk import *
