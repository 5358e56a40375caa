"""ANSWERS OUT: what was loaded, over HTTP and to the command line.

    cli → commands → app → routers → pages | answers → store

`commands/` are what a person types; `store/` is the seam to whatever keeps the triples; `routers/` turn addresses
into answers; `pages/` say what a page shows (SPARQL in, plain records out) and `templates/` how it looks;
`locales/` hold every word of the interface. There is no app at import: `make_app(store, settings, questions)` makes
one.
"""
