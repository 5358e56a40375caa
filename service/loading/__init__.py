"""Documents into the store: found, converted, judged, and made visible at once.

- `sources` finds files and reads the `catalogue.csv` beside them, `workplaces` says where they are converted;
- `ingest` loads them, one change of the store each, and `words` brings what a store needs beside them;
- `settlement` lets documents that state the same declaration settle which one holds (`superseding` has the rules),
  `archive` keeps what does not hold, and `differences` what changed from one version to the next;
- `amendment` is what a graph loses and gains, `turns` makes amendments to the store they were worked out from;
- `attachments` ties self-evaluations to the declarations they are about (`matching` has the rules);
- `catalogue` is what is known from the load and not from the bytes, `register` what documents say of shared
  things (`naming` what those are called), `judging` what the rules say of a document;
- `statements` and `reading` are triples as text, and what is asked of a store while loading.
"""
