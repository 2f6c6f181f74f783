"""What a release is made of: locks, wheels, bills of materials, licences and provenance, each in its module."""
