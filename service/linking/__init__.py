"""Linking in: which of our things a name or a code means that somebody else wrote, how surely, and why.

- `things`: what can be meant; `likeness`: how alike two names are, and what no typing error explains
- `scoring`: what was asked against a thing, feature by feature; `index`: the few things worth comparing
- `places`: the divisions that are named beside a thing
- `gathering`: the things of a store and the shipped lists; `keeping`: one index for each version of the data

All but the last two are pure: they know no store, and none of them knows HTTP.
"""
