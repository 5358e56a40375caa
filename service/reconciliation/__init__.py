"""The reconciliation API, 0.2 and the draft of 1.0, as others ask it: what is meant, and what is known of it.

- `schema`: the types and properties there are, by their IRIs and as people call them
- `facts`: what is known of a thing, and how it is told from others
- `asked`: batches of queries in both versions → what is asked of the index
- `told`: candidates, things and values → JSON of both versions; `manifests`: what the service says of itself

Knows the index of things, and neither the store nor HTTP.
"""
