"""Archives of documents: what is in them, taken out in memory and within limits. Their names are never paths.

- `kinds` tells archives by their content; office documents are zip containers too, and are none;
- `parts` tells the parts of one that was split;
- `zipped`, `tarred` and `unarred` list and take out the members of one archive each;
- `unpacking` is what others use: a portion of an archive after the other.
"""
