"""What needs a person, mailed to those who run the installation; and that it is over."""
