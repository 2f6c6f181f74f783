"""An Open311 client: files requests with the body that answers for them, and brings their states back."""
