"""What signs for a town: its own key, or one that the installation has for it; and the page of its certificate."""
