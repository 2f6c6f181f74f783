"""What the module answers to the core's hooks: that residents have a space of their own."""

from parvis.requests.persons.resident_space import ResidentSpace
from parvis_my_requests.addresses import OWN

SPACE = ResidentSpace(steps=(OWN,))
