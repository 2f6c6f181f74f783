"""What people of the town find at the desk."""
