"""The guides of Parvis, served where people work and reached from each page of the desk."""
