"""The graph as flat tables for those without SPARQL: rows, the files they are written to, and their codebook."""
