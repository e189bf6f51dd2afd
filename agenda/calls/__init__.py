"""Calls for projects: what they are, where they stand, how they are listed and shown."""
