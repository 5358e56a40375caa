"""Documents into the store: found, converted, judged, and made visible at once.

- `sources` finds files and reads the `catalogue.csv` beside them;
- `ingest` loads them, one change of the store each;
- `settlement` lets documents that state the same declaration settle which one holds (`superseding` has the rules),
  `naming` what shared things are called, `catalogue` what is known from the load and not from the bytes;
- `statements` and `reading` are triples as text, and what is asked of a store while loading.
"""
