"""The pages of service levels at the desk."""
