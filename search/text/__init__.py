"""French text as the search reads it: words, stems, queries, highlights."""
