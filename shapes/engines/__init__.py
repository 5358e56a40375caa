"""SHACL engines: each takes a graph and hands back the same bare results.

- `result`: what an engine gives; `material`: what it is given;
- `referee`: pySHACL, always there, which decides what is right (`dialect` and `judged_graph` are how it is asked);
- `bulk`: the Rust engine of `jixiao[fast]`;
- `choice`: which of them judges.
"""
