"""What tests of the core share: a town on a real database."""

from parvis.testing.hearings import *
from parvis.testing.town import *
