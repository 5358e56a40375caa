"""The terms: what the Turtle states and what Python may say are the same, and no fixed name is missing."""

from __future__ import annotations

import csv
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef

import ontology
from ontology import JX, JXC, PREFIXES, graph, identifiers, nquads, threshold, words

FOLDER = Path(__file__).parent
SLUGS = tuple(csv.DictReader((FOLDER / "slugs.csv").read_text(encoding="utf-8").splitlines()))
TERM_TYPES = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, RDF.Property, RDFS.Datatype)
OF_OWL = {"Class", "DatatypeProperty", "ObjectProperty", "Ontology", "versionIRI", "versionInfo"}


def terms_of(*types: URIRef) -> set[str]:
    return {
        str(term).removeprefix(PREFIXES["jx"]) for kind in types for term in graph().subjects(RDF.type, kind)
    }


def test_every_term_of_the_turtle_is_in_the_namespace_and_the_other_way_round() -> None:
    """A term that is not in the Turtle cannot be written in Python, and none is missing there."""
    names = {name for name in JX.__annotations__ if not name.startswith("_")}
    assert terms_of(*TERM_TYPES) == names


def test_a_term_that_is_not_stated_cannot_be_written() -> None:
    """The namespace is closed: a slip of the pen is an error, not an IRI."""
    with pytest.raises(AttributeError):
        JX.budgett  # noqa: B018


def test_there_are_as_many_terms_as_the_design_and_the_rules_need() -> None:
    """The ontology does not shrink in silence."""
    assert len(terms_of(OWL.Class)) == 37
    assert len(terms_of(OWL.ObjectProperty, OWL.DatatypeProperty, RDF.Property)) == 136
    assert terms_of(RDFS.Datatype) == {"ComparatorCode"}


def test_every_prefix_of_the_turtle_means_what_the_prefix_table_says() -> None:
    """There is one prefix table."""
    files = sorted(Path(ontology.__file__).parent.glob("*.ttl"))
    assert len(files) >= 12
    for file in files:
        declared = Graph(bind_namespaces="none").parse(file).namespaces()
        wrong = {prefix: str(iri) for prefix, iri in declared if PREFIXES.get(prefix) != str(iri)}
        assert wrong == {}, f"{file.name} declares prefixes otherwise than ontology.namespaces"


def test_the_graph_knows_every_prefix_of_the_table() -> None:
    """What is written from it reads well."""
    assert {prefix: str(iri) for prefix, iri in graph().namespaces()} == dict(PREFIXES)


def test_only_what_owl_2_rl_has_is_used_of_owl() -> None:
    """No restriction, no equality: every reasoner and every reader can follow."""
    used = {str(node) for triple in graph() for node in triple if str(node).startswith(str(OWL))}
    assert {iri.removeprefix(str(OWL)) for iri in used} == OF_OWL


@pytest.mark.parametrize("row", SLUGS, ids=lambda row: row["scheme"])
def test_a_code_list_has_the_concepts_that_the_design_fixes(row: dict[str, str]) -> None:
    """Saved queries rely on these names."""
    scheme = JXC[row["scheme"]]
    assert (scheme, RDF.type, SKOS.ConceptScheme) in graph()
    concepts = {str(concept) for concept in graph().subjects(SKOS.inScheme, scheme)}
    assert {str(JXC[f"{row['scheme']}/{slug}"]) for slug in row["slugs"].split()} <= concepts


def test_all_code_lists_of_the_design_are_looked_at() -> None:
    """The table of slugs is whole."""
    assert len(SLUGS) == 17


@pytest.mark.parametrize(
    ("framework", "level1"),
    [
        ("2015", {"output", "benefit", "satisfaction"}),
        ("2021", {"cost", "output", "benefit", "satisfaction"}),
    ],
)
def test_a_framework_has_its_level_1_indicators_at_the_top(framework: str, level1: set[str]) -> None:
    """Cost moved to the top in 2021."""
    scheme = JXC[f"indicator-{framework}"]
    tops = set(graph().subjects(SKOS.topConceptOf, scheme))
    assert tops == {JXC[f"indicator-{framework}/{slug}"] for slug in level1}
    assert tops == set(graph().objects(scheme, SKOS.hasTopConcept))


def test_the_legal_pairs_of_levels_are_broader_links() -> None:
    """Nothing but the code list says which level 2 belongs to which level 1."""
    pairs = set(graph().subject_objects(SKOS.broader))
    assert (JXC["indicator-2015/cost"], JXC["indicator-2015/output"]) in pairs
    assert (JXC["indicator-2021/cost-economic"], JXC["indicator-2021/cost"]) in pairs
    assert (JXC["indicator-2015/sustainability"], JXC["indicator-2015/benefit"]) in pairs
    assert len([pair for pair in pairs if "indicator-20" in str(pair[0])]) == 9 + 10


def test_the_frameworks_are_mapped_as_the_design_says() -> None:
    """Cost split up, sustained impact went, the rest stayed."""
    cost, sustained = JXC["indicator-2015/cost"], JXC["indicator-2015/sustainability"]
    assert (cost, SKOS.closeMatch, JXC["indicator-2021/cost-economic"]) in graph()
    assert (cost, SKOS.broadMatch, JXC["indicator-2021/cost"]) in graph()
    assert set(graph().objects(sustained, SKOS.relatedMatch)) == {
        JXC[f"indicator-2021/{slug}"] for slug in ("economic", "social", "ecological")
    }
    same = set(graph().subject_objects(SKOS.exactMatch)) & {
        (JXC[f"indicator-2015/{slug}"], JXC[f"indicator-2021/{slug}"]) for slug in SLUGS[0]["slugs"].split()
    }
    assert len(same) == 8


def test_comparators_carry_the_national_codes() -> None:
    """Codes 1 to 5 are typed notations of comparators; code 6, qualitative, is that of a kind of target."""
    codes = {
        int(str(notation)): subject
        for subject, notation in graph().subject_objects(SKOS.notation)
        if isinstance(notation, Literal) and notation.datatype == JX.ComparatorCode
    }
    slugs = {1: "ge", 2: "gt", 3: "eq", 4: "lt", 5: "le"}
    assert codes == {code: JXC[f"comparator/{slug}"] for code, slug in slugs.items()} | {
        6: JX.QualitativeTarget
    }


def test_nquads_hold_every_triple_in_exactly_one_graph() -> None:
    """Engines count a triple that stands in two graphs twice."""
    lines = nquads().decode().splitlines()
    statements = {line.rpartition(" <")[0] for line in lines}
    assert len(statements) == len(lines)
    graphs = {line.rpartition(" <")[2].removesuffix("> .") for line in lines}
    of_words = {identifiers.ONTOLOGY_GRAPH, identifiers.CODES_GRAPH, identifiers.DIVISIONS_GRAPH}
    assert graphs == {str(iri) for iri in of_words}


def test_nquads_say_what_the_graph_says() -> None:
    """Writing them by hand loses nothing."""
    divisions = f" {identifiers.DIVISIONS_GRAPH.n3()} ."
    lines = [line for line in nquads().decode().splitlines() if not line.endswith(divisions)]
    triples = "\n".join(f"{line.rpartition(' <')[0]} ." for line in lines)
    read = Graph().parse(data=triples, format="nt")
    assert set(read) == set(graph())


def test_nquads_are_the_same_in_every_process() -> None:
    """The same words give the same bytes, whatever order sets are in."""
    program = "import hashlib, ontology; print(hashlib.sha256(ontology.nquads()).hexdigest())"
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=FOLDER.parent,
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "2", "3")
    }
    assert digests == {hashlib.sha256(nquads()).hexdigest()}


def test_word_lists_and_limits_are_data() -> None:
    """The rules read them; one that is missing is named."""
    assert "显著提升" in words("graded")
    assert "项目总成本" in words("whole-cost")
    assert threshold("unit-cost-tolerance") < threshold("satisfaction-full-mark")
    with pytest.raises(KeyError, match="no word list 'grade'"):
        words("grade")
    with pytest.raises(KeyError, match="no threshold 'full-mark'"):
        threshold("full-mark")


def test_words_of_one_list_are_not_printed_twice_in_another_with_the_opposite_meaning() -> None:
    """No rate is bounded by 100 % and may exceed it at once."""
    assert set(words("bounded-rate")).isdisjoint(words("growth"))


def test_the_front_door_names_what_it_says_it_names() -> None:
    """Every exported name exists, in order."""
    assert all(hasattr(ontology, name) for name in ontology.__all__)
