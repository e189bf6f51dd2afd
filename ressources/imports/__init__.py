"""Experiences from a spreadsheet: what its columns may be, how a row is read and written."""
