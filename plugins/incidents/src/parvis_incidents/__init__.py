"""What happens to many at once: a storm, a water main, a sector where nothing was collected; operations, notices."""
