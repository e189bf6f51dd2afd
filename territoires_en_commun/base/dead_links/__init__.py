"""The links of published pages: found, asked, and said dead after three days of failure."""
