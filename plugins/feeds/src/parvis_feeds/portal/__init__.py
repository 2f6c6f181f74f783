"""What is answered to the tools of others."""
