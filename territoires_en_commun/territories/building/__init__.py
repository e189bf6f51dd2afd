"""Turns the published packages into our data file; used once a year, never by the running site."""
