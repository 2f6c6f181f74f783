"""The tree felling certificate: its questions, fee, life, and the trees planted in return."""
