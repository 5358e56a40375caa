"""What the service says of itself, in both versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from . import schema
from .told import term

if TYPE_CHECKING:
    from ..negotiation import Language

_NAMES: Final = {
    "zh": "绩效：单位、项目、行政区划和代码",
    "en": "jixiao: units, projects, divisions and codes",
}
WIDTH: Final = 400
HEIGHT: Final = 200
"""Pixels of a preview."""


def manifest_of_02(site: str, language: Language) -> dict[str, Any]:
    """Return the manifest of version 0.2; `site` is the address of the service without a slash at its end."""
    root = f"{site}/{language}/reconcile"
    suggest = {
        kind: {
            "service_url": root,
            "service_path": f"/suggest/{kind}",
            "flyout_service_url": root,
            "flyout_service_path": f"/flyout/{kind}?id=${{id}}",
        }
        for kind in ("entity", "property", "type")
    }
    return {
        "versions": ["0.2"],
        **_about(site, language),
        "identifierSpace": schema.IDENTIFIERS,
        "schemaSpace": schema.SCHEMA,
        "view": {"url": f"{root}/view?id={{{{id}}}}"},
        "preview": {"url": f"{root}/preview?id={{{{id}}}}", "width": WIDTH, "height": HEIGHT},
        "suggest": suggest,
        "extend": {"propose_properties": {"service_url": root, "service_path": "/propose"}},
    }


def manifest_of_10(site: str, language: Language) -> dict[str, Any]:
    """Return the manifest of the draft of 1.0."""
    root = f"{site}/{language}/reconcile"
    return {
        "versions": ["1.0-draft"],
        "lang": language,
        **_about(site, language),
        "view": {"url": f"{root}/view?id={{id}}"},
        "preview": {"width": WIDTH, "height": HEIGHT},
        "suggest": {"entity": True, "property": True, "type": True},
        "extend": {"proposeProperties": True},
    }


def _about(site: str, language: Language) -> dict[str, Any]:
    return {
        "name": _NAMES[language],
        "documentation": f"{site}/{language}/data#reconcile",
        "logo": f"{site}/assets/icon.svg",
        "defaultTypes": [term(schema.types()[iri], language) for iri in schema.DEFAULT_TYPES],
    }
