"""The namespaces of jixiao and of the vocabularies it reuses.

They are constants, never settings: an identifier that changes with the deployment is not an identifier.
`JX` is closed: a term that is not in the Turtle cannot be written in Python; a test holds the two together.
"""

# ruff: noqa: N815 (the attributes of JX are the names of the terms)

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from rdflib import Namespace, URIRef
from rdflib.namespace import DefinedNamespace

if TYPE_CHECKING:
    from collections.abc import Mapping

_BASE = "https://w3id.org/jixiao/"


class JX(DefinedNamespace):
    """The classes and properties of the ontology, `jx:`."""

    _fail = True
    _NS = Namespace(f"{_BASE}def/")

    # classes
    AdministrativeDivision: URIRef
    PublicBody: URIRef
    Department: URIRef
    BudgetUnit: URIRef
    Project: URIRef
    Declaration: URIRef
    OverallTarget: URIRef
    Section: URIRef
    Fund: URIRef
    Milestone: URIRef
    Goal: URIRef
    Indicator: URIRef
    TargetValue: URIRef
    QuantityTarget: URIRef
    DeadlineTarget: URIRef
    PeriodTarget: URIRef
    QualitativeTarget: URIRef
    DeferredTarget: URIRef
    UnsetTarget: URIRef
    UnreadableTarget: URIRef
    Evaluation: URIRef
    SelfEvaluation: URIRef
    IndicatorResult: URIRef
    Execution: URIRef
    Disclosure: URIRef
    ArchivedVersion: URIRef
    Change: URIRef
    SourceTable: URIRef
    SourceCell: URIRef
    Correction: URIRef
    Link: URIRef
    ListedBody: URIRef
    Note: URIRef
    Population: URIRef
    PriceIndex: URIRef
    ReferenceList: URIRef
    Unit: URIRef

    # data types
    ComparatorCode: URIRef

    # properties
    actualNumber: URIRef
    actualText: URIRef
    adjustedAmount: URIRef
    amount: URIRef
    applied: URIRef
    appliesTo: URIRef
    archivedStatements: URIRef
    attainment: URIRef
    baseNumber: URIRef
    baseYear: URIRef
    basis: URIRef
    basisType: URIRef
    blank: URIRef
    budget: URIRef
    cellAddress: URIRef
    changeKind: URIRef
    changedField: URIRef
    codeCheck: URIRef
    codeLetter: URIRef
    codeParent: URIRef
    codeYear: URIRef
    columnNumber: URIRef
    comparator: URIRef
    comparatorExplicit: URIRef
    comparedWith: URIRef
    continues: URIRef
    correctedText: URIRef
    corrects: URIRef
    creditCode: URIRef
    cumulativePercent: URIRef
    declaredAmount: URIRef
    declaredBy: URIRef
    declaredIndicator: URIRef
    derived: URIRef
    description: URIRef
    deviationReason: URIRef
    dimension: URIRef
    direction: URIRef
    dueDate: URIRef
    earlierDocument: URIRef
    evaluates: URIRef
    executedAmount: URIRef
    executionRate: URIRef
    factor: URIRef
    fiscalYear: URIRef
    fiscalYearSource: URIRef
    framework: URIRef
    fundLevel: URIRef
    fundSource: URIRef
    grade: URIRef
    grid: URIRef
    hasCorrection: URIRef
    hasExecution: URIRef
    hasFund: URIRef
    hasGoal: URIRef
    hasIndicator: URIRef
    hasMilestone: URIRef
    hasNote: URIRef
    hasResult: URIRef
    hasSection: URIRef
    heading: URIRef
    horizon: URIRef
    inDisclosure: URIRef
    inDivision: URIRef
    inList: URIRef
    inTable: URIRef
    initialAmount: URIRef
    laterDocument: URIRef
    layout: URIRef
    leastScore: URIRef
    level1: URIRef
    level1Text: URIRef
    level2: URIRef
    level2Text: URIRef
    lineNumber: URIRef
    loadReport: URIRef
    linkScore: URIRef
    linkedText: URIRef
    linkedThing: URIRef
    linksTo: URIRef
    listKind: URIRef
    listRow: URIRef
    listedCode: URIRef
    listedName: URIRef
    listsBody: URIRef
    match: URIRef
    matchEvidence: URIRef
    matchKey: URIRef
    moneyUnit: URIRef
    name: URIRef
    nameSuffix: URIRef
    noteKind: URIRef
    number: URIRef
    numeratorUnit: URIRef
    ofDeclaration: URIRef
    ofProject: URIRef
    ordinal: URIRef
    pageNumber: URIRef
    perUnit: URIRef
    persons: URIRef
    place: URIRef
    priceLevel: URIRef
    printedText: URIRef
    printsField: URIRef
    projectCode: URIRef
    projectName: URIRef
    purpose: URIRef
    rawText: URIRef
    reading: URIRef
    reason: URIRef
    referenceYear: URIRef
    remedy: URIRef
    renewedBy: URIRef
    resultFor: URIRef
    rowNumber: URIRef
    score: URIRef
    scoringStandard: URIRef
    sheetName: URIRef
    startDate: URIRef
    states: URIRef
    tableNumber: URIRef
    target: URIRef
    text: URIRef
    textAfter: URIRef
    textBefore: URIRef
    threshold: URIRef
    unit: URIRef
    unitCode: URIRef
    unitExplicit: URIRef
    unitName: URIRef
    upperNumber: URIRef
    validFrom: URIRef
    validUntil: URIRef
    version: URIRef
    weight: URIRef
    word: URIRef


for _name in (
    JX.__annotations__
):  # as attributes of its own: rdflib looks each one up anew, at the cost of a statement
    setattr(JX, _name, JX[_name])


JXC = Namespace(f"{_BASE}code/")
"""Code lists: `jxc:comparator/ge`, `jxc:unit/wan-yuan`, …"""
JXI = Namespace(f"{_BASE}id/")
"""Things: divisions, units, projects, declarations, documents and their parts."""
JXS = Namespace(f"{_BASE}shape/")
"""Rules."""
JXG = Namespace(f"{_BASE}graph/")
"""Named graphs."""

PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "jx": f"{_BASE}def/",
        "jxc": str(JXC),
        "jxi": str(JXI),
        "jxs": str(JXS),
        "jxg": str(JXG),
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "org": "http://www.w3.org/ns/org#",
        "prov": "http://www.w3.org/ns/prov#",
        "dcterms": "http://purl.org/dc/terms/",
        "dcat": "http://www.w3.org/ns/dcat#",
        "void": "http://rdfs.org/ns/void#",
        "qudt": "http://qudt.org/schema/qudt/",
        "unit": "http://qudt.org/vocab/unit/",
        "dqv": "http://www.w3.org/ns/dqv#",
        "sh": "http://www.w3.org/ns/shacl#",
        "schema": "https://schema.org/",
        "foaf": "http://xmlns.com/foaf/0.1/",
    }
)
"""The one prefix table; the catalogue of questions and the shapes are checked against it."""
