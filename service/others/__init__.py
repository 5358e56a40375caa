"""Data of others: each file a graph of its own, beside our documents, with an entry in the catalogue.

What others say takes no part in our questions, pages, tables and reports: it is asked by the name of its graph or by
its own properties. `apart` sees to that, `rdf` reads, `catalogue` keeps who said it, `importing` is the story.
"""
