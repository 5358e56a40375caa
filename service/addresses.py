"""IRIs of the project and the addresses below this host that answer for them."""

from __future__ import annotations

from typing import Final

from ontology.identifiers import part_of_declaration
from ontology.namespaces import PREFIXES

BASE: Final = "https://w3id.org/jixiao/"
"""Where the IRIs of the project begin; the service answers for what comes behind, below its own address."""
KINDS: Final = ("id", "def", "code", "shape")
"""What may come first behind the base: things, terms of the ontology, code lists, rules."""


def iri_of(kind: str, path: str) -> str:
    """Return the IRI that the address `/{kind}/{path}` answers for."""
    return f"{BASE}{kind}/{path}"


def address_of(thing: str) -> str | None:
    """Return the address (below the host) of one of our own things, None for somebody else's."""
    local = thing.removeprefix(BASE)
    return f"/{local}" if local != thing and local.partition("/")[0] in KINDS else None


def page_of_declaration(thing: str) -> str | None:
    """Return the page that shows a declaration or a part of it, behind the language; None for another thing.

    >>> page_of_declaration("https://w3id.org/jixiao/id/declaration/P1/2025/initial/indicator/7/target/1")
    'projects/P1?year=2025&version=initial#indicator-7'
    """
    found = part_of_declaration(thing)
    if found is None:
        return None
    anchor = f"#{found.part.partition('/target/')[0].replace('/', '-')}" if found.part else ""
    return f"projects/{found.project_key}?year={found.year}&version={found.version}{anchor}"


def short(name: str) -> str:
    """Return an IRI as people write it: without our base, or with a known prefix.

    >>> short("https://w3id.org/jixiao/id/unit/130202/203001"), short("http://www.w3.org/2004/02/skos/core#note")
    ('unit/130202/203001', 'skos:note')
    """
    if name.startswith(BASE):
        return name.removeprefix(BASE).partition("/")[2] or name
    for prefix, namespace in PREFIXES.items():
        if name.startswith(namespace):
            return f"{prefix}:{name.removeprefix(namespace)}"
    return name
