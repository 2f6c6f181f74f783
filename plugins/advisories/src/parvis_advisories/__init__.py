"""What a town says before somebody files: notices in its files, and schedules of what comes by."""
