"""Lists of a researcher's own: populations, price indices and units, each in a graph of its own.

    jxg:list/hebei-2024   the list with its source, licence and date, and one subject for each row

`rows` reads a file whole or tells every fault in it; `statements` says as RDF what it lists; `keeping` puts that into
a store, shows what is there and takes it out again.
"""
