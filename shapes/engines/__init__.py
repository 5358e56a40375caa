"""SHACL engines: each takes a graph and hands back the same bare results.

`referee` is pySHACL, which is always there and decides what is right; `result` is what an engine gives.
"""
