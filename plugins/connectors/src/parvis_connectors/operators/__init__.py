"""What operators read of other systems: pages, what needs them, measures for monitors, calls of a delivery."""
