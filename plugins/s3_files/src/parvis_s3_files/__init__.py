"""Files in a bucket that speaks S3, for Parvis."""
