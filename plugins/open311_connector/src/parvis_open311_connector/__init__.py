"""Open311 spoken: requests filed with whoever else answers for them, their states brought back."""
