"""Whether a table with other tables in its cells is a form, and no mere arrangement of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontology.namespaces import JX
from ontology.vocabulary import field_labels, normalise_label

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_LABEL = 40
"""Characters."""


def is_form(texts: Iterable[str]) -> bool:
    """Return whether the cells around inner tables print the label of a project's name and another label.

    >>> is_form(["项目名称", "治水", "实施单位"]), is_form(["首页", "项目名称：治水"])
    (True, False)
    """
    labels = field_labels()
    short = (text for text in texts if text and len(text) <= _LONGEST_LABEL)
    meant = [found for text in short if (found := labels.get(normalise_label(text)))]
    return len(meant) > 1 and any(JX.projectName in found for found in meant)
