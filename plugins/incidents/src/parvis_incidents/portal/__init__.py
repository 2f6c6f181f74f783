"""On the portal: what the town has said of an incident, and the operations under way for a service."""
