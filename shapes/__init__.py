"""WHAT COMPLETE MEANS: the rules, and the report on a document.

    graph ─check→ Report ─text, json, csv, turtle, nquads→ people, programs, stores

- one Turtle file per class holds its rules: each a named shape (`jxs:FU-02-sum`) that says in Chinese and English
  what is wrong and how to mend it, how serious it is and where it comes from; `conditions.ttl` names what several
  rules ask, `review-opinions.ttl` and `rule-sources.ttl` are their code lists;
- `rule_book` reads the rule book from that Turtle; a shape that lacks a piece is an error with file and shape;
- `engines` find bare results, each engine the same; `validation` judges anyone's data by anyone's shapes with them;
- `context` and `readings` add what a person needs: project, row, printed text, reading, place; `repairs` suggest
  what should probably be printed;
- `choosing` says which rules a report tells of, `own_shapes` adds those of somebody's own;
- `report` counts, and `report_text`, `report_table`, `report_rdf` write; `report_kept` is what a store keeps.

To add a rule: one shape, and one example that trips it and one that does not under `tests/shapes/`.

The package judges anyone's graph; it knows no loader, no store and no HTTP.
"""

from .across import Question, compared, questions
from .checking import check
from .choosing import Choice, UnknownRuleError, choice_of
from .data_graph import graph_of
from .engines.result import Result, ValidationError, results_stated_in
from .finding import Context, Finding, Named, Place, Quote, Suggestion
from .own_shapes import OwnShapes, OwnShapesError, read_own_shapes
from .publication import edition, nquads, version
from .report import Judged, Report, merged
from .report_kept import packed, unpacked
from .rule_book import Category, Dimension, Rule, RuleBookError, Severity, Source, Text, rules
from .validation import validate
from .validation_report import ReportedResult, ValidationReport

__all__ = [
    "Category",
    "Choice",
    "Context",
    "Dimension",
    "Finding",
    "Judged",
    "Named",
    "OwnShapes",
    "OwnShapesError",
    "Place",
    "Question",
    "Quote",
    "Report",
    "ReportedResult",
    "Result",
    "Rule",
    "RuleBookError",
    "Severity",
    "Source",
    "Suggestion",
    "Text",
    "UnknownRuleError",
    "ValidationError",
    "ValidationReport",
    "check",
    "choice_of",
    "compared",
    "edition",
    "graph_of",
    "merged",
    "nquads",
    "packed",
    "questions",
    "read_own_shapes",
    "results_stated_in",
    "rules",
    "unpacked",
    "validate",
    "version",
]
