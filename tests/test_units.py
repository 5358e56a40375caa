"""Units: what every spelling means, what it is worth, and what a graph must say of a unit that is made here."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, SKOS, Graph, Literal, URIRef

from ontology import JX, JXC, identifiers
from ontology.units import SCALES, Unit, every_spelling, plain, spelt, triples, unit

FOLDER = Path(__file__).parent
SPELLINGS = list(csv.DictReader((FOLDER / "units.csv").read_text(encoding="utf-8").splitlines()))
TURTLE = FOLDER.parent / "ontology" / "units.ttl"
FIXED_SLUGS = {  # the slugs that the design names, which saved queries rely on
    *("percent", "permille", "yuan", "wan-yuan", "person", "person-time", "item", "set", "times", "session"),
    *("household", "day", "month", "year", "square-metre", "metre", "kilometre", "kilogram", "mu", "vehicle"),
}
FIXED_DIMENSIONS = {
    *("ratio", "count", "money", "money-rate", "rate", "time", "length", "area", "volume", "mass", "energy"),
    "temperature",
}


@pytest.fixture(scope="module")
def words() -> Graph:
    """What the Turtle says."""
    return Graph().parse(TURTLE)


def slug(iri: object) -> str:
    return str(iri).rpartition("/")[2]


# --- spellings --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", SPELLINGS, ids=[row["spelling"] or "blank" for row in SPELLINGS])
def test_a_spelling_means_its_unit(row: dict[str, str]) -> None:
    """Each row of units.csv is one spelling; a row without a slug is no unit."""
    found = unit(row["spelling"])
    meant = {column: value for column, value in row.items() if column != "spelling"}
    assert (described(found) if found else dict.fromkeys(meant, "")) == meant


def described(found: Unit) -> dict[str, str]:
    """Return a unit in the words of units.csv, the spelling aside."""
    return {
        "slug": found.slug,
        "dimension": slug(found.dimension),
        "factor": "" if found.factor is None else format(found.factor.normalize(), "f"),
        "numerator": found.numerator.slug if found.numerator else "",
        "per": " ".join(part.slug for part in found.per),
        "known": str(found.known).lower(),
    }


def test_the_table_of_spellings_is_whole() -> None:
    """The suite does not shrink in silence."""
    assert len(SPELLINGS) == 143
    assert sum(not row["slug"] for row in SPELLINGS) == 8


def test_an_unknown_counting_word_is_minted_not_dropped() -> None:
    """Its IRI is the hash of its notation, so it is the same on every machine."""
    basket = unit("筐")
    assert basket is not None
    assert basket.iri == identifiers.minted_unit("筐")
    assert (basket.notation, basket.known, basket.minted) == ("筐", False, True)
    assert spelt("筐") is None


@given(st.text(max_size=20) | st.text(alphabet="元人次年月/·*（）()每万千个x1%㎡², ", max_size=12))
def test_any_text_is_a_unit_or_none(text: str) -> None:
    """Whatever stands in a unit column, nothing is raised, and what is found has its description."""
    found = unit(text)
    assert found is None or found.known or any(subject == found.iri for subject, _, _ in triples(found))


KNOWN = sorted(set(every_spelling().values()), key=lambda known: known.slug)


@given(st.sampled_from(KNOWN), st.lists(st.sampled_from(KNOWN), min_size=1, max_size=2))
def test_a_compound_is_its_numerator_per_its_parts(above: Unit, below: list[Unit]) -> None:
    """Every way to write the same compound is the same unit, worth what its numerator is worth."""
    names = [plain(part.notation) for part in below]
    if any("/" in name for name in (above.notation, *names)) or "/".join(names) in every_spelling():
        return
    if "/".join([plain(above.notation), names[0]]) in every_spelling():
        return
    found = spelt("/".join([above.notation, *names]))
    assert found is not None
    assert (
        found
        == spelt(f"{above.notation}/({'·'.join(names)})")
        == spelt(f"{above.notation}每{'每'.join(names)}")
    )
    assert (found.factor, found.numerator) == (above.factor, above)
    assert found.slug.startswith(f"{above.slug}-per-")


@given(
    st.sampled_from(sorted(SCALES)), st.sampled_from([known for known in KNOWN if known.notation[0] != "/"])
)
def test_a_scale_before_a_unit_multiplies_it(scale: str, base: Unit) -> None:
    """万 before 亩 is ten thousand mu, listed or made."""
    found = spelt(scale + base.notation)
    assert found is not None
    if base.factor is not None and found.dimension == base.dimension:
        ratio = (found.factor or 0) / base.factor
        assert ratio.quantize(Decimal("0.000001")) == SCALES[scale][1] or found.known


# --- the Turtle ---------------------------------------------------------------------------------------------


def test_the_code_list_has_the_slugs_of_the_design(words: Graph) -> None:
    """No slug that a saved query may use has been renamed."""
    slugs = {slug(iri) for iri in words.subjects(RDF.type, JX.Unit)}
    assert slugs >= FIXED_SLUGS
    assert len(slugs) >= 180
    assert {slug(iri) for iri in words.subjects(SKOS.inScheme, JXC["dimension"])} >= FIXED_DIMENSIONS


def test_no_spelling_belongs_to_two_units(words: Graph) -> None:
    """Also after width and blanks are taken away."""
    owners = {(plain(str(notation)), iri) for iri, notation in words.subject_objects(SKOS.notation)}
    counted = Counter(notation for notation, iri in owners if "/unit/" in str(iri))
    assert len(counted) == len(every_spelling()) >= 400
    assert [notation for notation, count in counted.items() if count > 1] == []


def test_every_unit_is_described_in_both_languages(words: Graph) -> None:
    """Labels, definitions, a dimension of the scheme; the Chinese label is one of the spellings."""
    dimensions = set(words.subjects(SKOS.inScheme, JXC["dimension"]))
    for iri in words.subjects(RDF.type, JX.Unit):
        assert (iri, SKOS.inScheme, JXC["unit"]) in words
        assert words.value(iri, JX.dimension) in dimensions
        assert languages(words, iri, SKOS.prefLabel) == languages(words, iri, SKOS.definition) == ["en", "zh"]
        chinese = [
            str(label)
            for label in words.objects(iri, SKOS.prefLabel)
            if getattr(label, "language", "") == "zh"
        ]
        assert set(chinese) <= set(map(str, words.objects(iri, SKOS.notation)))


def languages(words: Graph, iri: object, predicate: URIRef) -> list[str]:
    labels = words.objects(URIRef(str(iri)), predicate)
    return sorted(label.language or "" for label in labels if isinstance(label, Literal))


def test_every_dimension_that_converts_has_a_base_unit() -> None:
    """Exactly the dimensions without conversion lack a unit of factor 1."""
    based = {slug(known.dimension) for known in KNOWN if known.factor == 1}
    others = {slug(known.dimension) for known in KNOWN} - based
    assert others == {"temperature", "undetermined"}


def test_no_unit_is_matched_to_the_synodic_month(words: Graph) -> None:
    """QUDT's unit:MO is the moon's month."""
    matches = set(words.objects(None, SKOS.exactMatch)) | set(words.objects(None, SKOS.closeMatch))
    assert len(matches) >= 35
    assert URIRef("http://qudt.org/vocab/unit/MO") not in matches


# --- what a graph must say --------------------------------------------------------------------------------


def graph_of(spelling: str) -> Graph:
    found = unit(spelling)
    graph = Graph()
    for triple in triples(found) if found else ():
        graph.add(triple)
    return graph


def test_a_known_unit_needs_no_words() -> None:
    """The graph of code lists has it."""
    assert len(graph_of("万元")) == 0


def test_a_compound_says_what_it_is_made_of() -> None:
    """Its class, scheme, dimension, factor, parts, spellings and labels."""
    graph, found = graph_of("万元/队/年"), unit("万元/队/年")
    assert found is not None
    assert {slug(part) for part in graph.objects(found.iri, JX.perUnit)} == {"team", "year"}
    assert slug(graph.value(found.iri, JX.numeratorUnit)) == "wan-yuan"
    assert slug(graph.value(found.iri, JX.dimension)) == "money-rate"
    assert str(graph.value(found.iri, JX.factor)) == "10000"
    assert set(graph.objects(found.iri, RDF.type)) == {JX.Unit, SKOS.Concept}
    notations = {str(notation) for notation in graph.objects(found.iri, SKOS.notation)}
    assert notations == {"万元/队/年", "万元/(队·年)", "万元/队·年"}
    labels = {str(label) for label in graph.objects(found.iri, SKOS.prefLabel)}
    assert labels == {"万元/队/年", "ten thousand yuan per team per year"}


def test_a_compound_of_an_unknown_word_describes_that_word_too() -> None:
    """Both the compound and the minted part are described."""
    graph = graph_of("元/筐")
    assert {slug(iri) for iri in graph.subjects(RDF.type, JX.Unit)} == {
        "x-61cefe459223",
        "yuan-per-x-61cefe459223",
    }


@pytest.mark.parametrize(
    "spellings", [("元/㎡", "元/平方米", "元/平米"), ("十万㎡", "十万平方米"), ("元/人月", "元每人每月")]
)
def test_spellings_of_one_unit_merge(spellings: tuple[str, ...]) -> None:
    """Only spellings add up; labels, definitions and parts are the same, whichever document came first."""
    for one, other in permutations(spellings, 2):
        merged = graph_of(one) + graph_of(other)
        found = unit(one)
        assert found == unit(other)
        assert found is not None
        for predicate, count in (
            (SKOS.prefLabel, 2),
            (SKOS.definition, 2),
            (JX.factor, 1),
            (JX.dimension, 1),
        ):
            assert len(list(merged.objects(found.iri, predicate))) == count
