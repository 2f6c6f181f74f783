"""What the portal answers to people who would follow a request."""
