"""What tests of the core share: a town on a real database."""

from parvis_testing.hearings import *
from parvis_testing.town import *
