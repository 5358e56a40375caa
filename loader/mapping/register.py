"""What documents say about shared things: units, departments, projects, and units of measure nobody listed.

These quads stand in one graph, so that the same fact from two documents is one fact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontology import identifiers, project_codes, units
from ontology.namespaces import JX, PREFIXES

from . import terms
from .identities import body_key

if TYPE_CHECKING:
    from rdflib import URIRef

    from ontology.units import Unit

    from ..model import Body, Declaration
    from .identities import DivisionFound, Identity

_PREF_LABEL = PREFIXES["skos"] + "prefLabel"
_PART_OF = PREFIXES["org"] + "subOrganizationOf"
_DEPARTMENT_DIGITS = 3
"""The code of a department is the beginning of the codes of its units: 203 of 203001."""
_MAIN_UNIT = "001"
"""The last three digits of the code of a department's own unit (本级)."""


class Register:
    """The register quads of one document."""

    def __init__(self) -> None:
        """Begin empty."""
        self._graph = terms.Statements(identifiers.REGISTER_GRAPH)

    def nquads(self) -> str:
        """Return the quads."""
        return self._graph.nquads()

    def add_declaration(self, declaration: Declaration, identity: Identity) -> None:
        """Register the project, the unit and the department that a declaration names."""
        self._add_project(declaration, identity)
        if declaration.unit is not None and identity.unit_key is not None:
            self.add_unit(declaration.unit, declaration.department, identity.unit_key, identity.division)

    def add_unit_of_measure(self, unit: Unit) -> None:
        """Register a unit that the code list does not have: compound, or a counting word met here first."""
        for subject, predicate, term in units.triples(unit):
            self._graph.add(str(subject), str(predicate), term.n3())

    def _add_project(self, declaration: Declaration, identity: Identity) -> None:
        project = identifiers.project(identity.project_key)
        self._graph.add(project, terms.TYPE, terms.iri(JX.Project))
        if declaration.name is not None and declaration.name.text:
            self._graph.add(project, _PREF_LABEL, terms.zh(declaration.name.text))
        if identity.project_code is not None:
            self._graph.add(project, JX.projectCode, terms.string(identity.project_code))
            self._add_code_parts(project, identity.project_code)

    def _add_code_parts(self, project: URIRef, code: str) -> None:
        parsed = project_codes.parse(code)
        if parsed is None:
            return
        self._graph.add(project, JX.codeLetter, terms.string(parsed.letter))
        self._graph.add(project, JX.codeYear, terms.year(parsed.year))
        self._graph.add(project, JX.codeParent, terms.string(parsed.parent))
        if parsed.check_ok is not None:
            self._graph.add(project, JX.codeCheck, terms.boolean(parsed.check_ok))

    def add_unit(self, unit: Body, department: Body | None, key: str, division: DivisionFound) -> None:
        """Register a unit and its department: the one that is named, else the one its code implies."""
        self._add_body(key, unit, JX.BudgetUnit, division)
        if division.derived:
            self._graph.add(identifiers.body(key), JX.derived, terms.boolean(True))
        if department is not None and (department.code, department.name) != (unit.code, unit.name):
            self._add_department(key, body_key(department, division), department, division)
        elif unit.code is not None and len(unit.code) > _DEPARTMENT_DIGITS:
            self._add_derived_department(key, unit.code[:_DEPARTMENT_DIGITS], unit, division)

    def _add_department(self, unit_key: str, key: str, body: Body, division: DivisionFound) -> None:
        if key != unit_key:
            self._add_body(key, body, JX.Department, division)
            self._part_of(unit_key, key)

    def _add_derived_department(self, unit_key: str, code: str, unit: Body, division: DivisionFound) -> None:
        key = f"{division.code}/{code}"
        subject = identifiers.body(key)
        self._graph.add(subject, terms.TYPE, terms.iri(JX.PublicBody), terms.iri(JX.Department))
        self._graph.add(subject, JX.unitCode, terms.string(code))
        self._graph.add(subject, JX.inDivision, terms.iri(identifiers.division(division.code)))
        self._graph.add(subject, JX.derived, terms.boolean(True))
        if unit.code is not None and unit.code.endswith(_MAIN_UNIT):
            name = identifiers.normalise_body_name(unit.name)
            self._graph.add(subject, _PREF_LABEL, terms.zh(name))
        self._part_of(unit_key, key)

    def _add_body(self, key: str, body: Body, kind: URIRef, division: DivisionFound) -> None:
        subject = identifiers.body(key)
        self._graph.add(subject, terms.TYPE, terms.iri(JX.PublicBody), terms.iri(kind))
        if body.code is not None:
            self._graph.add(subject, JX.unitCode, terms.string(body.code))
        self._graph.add(subject, _PREF_LABEL, terms.zh(body.name))
        self._graph.add(subject, JX.inDivision, terms.iri(identifiers.division(division.code)))

    def _part_of(self, unit_key: str, department_key: str) -> None:
        unit, department = identifiers.body(unit_key), identifiers.body(department_key)
        self._graph.add(unit, _PART_OF, terms.iri(department))
