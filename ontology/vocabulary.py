"""The words of the ontology, read from its Turtle: the graph, the labels of forms, the code lists.

A recogniser asks what a printed label means (`field_labels`) and which concept a printed level, grade or
basis is (`concept_by_label`). Both compare labels after `normalise_label`, on both sides, so the Turtle lists
distinct wordings and never widths or blanks. Everything is read once per process and is to be left as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import SKOS

from .division_graph import nquads as divisions_as_nquads
from .identifiers import CODES_GRAPH, INVISIBLE, ONTOLOGY_GRAPH
from .namespaces import JX, JXC, PREFIXES
from .rdf_text import triples_of_turtle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FIELDS: Final = JXC["field"]
"""The collection of everything a form may print: the values of `jx:printsField` and `jx:states`."""

_CONVENTIONS: Final = "conventions.ttl"
_TERMS: Final = PREFIXES["jx"]

_NOISE = re.compile(rf"[\s*★☆▲△●■◆{INVISIBLE}]+")
_BRACKETED = re.compile(r"[(\[{【〔][^()\[\]{}【】〔〕]*(?:[)\]}】〕]分?|$)")
_BRACKET_SIGNS = re.compile(r"[()\[\]{}【】〔〕]")
_HEAD = re.compile(r"^(?:其中[:,]?|[一二三四五六七八九十]+[、.]|\d+[、.](?!\d)|[-—·•、,:;.])+(?=\w)")
_TAIL = re.compile(r"(?<=.)(?:[:、,;。.·]|(?<=..)等|指标|\d+(?:\.\d+)?分)$")


@lru_cache(maxsize=4096)
def normalise_label(text: str) -> str:
    r"""Return a label as it is compared.

    Dropped are width (NFKC), blanks (zero-width ones too) and stars; brackets and what is in them (an unclosed
    one too); a leading 其中： or numbering (一、 1.); and, as often as they follow one another, a trailing
    punctuation mark, 等, 指标 or score (50分). Nothing is dropped that would leave nothing.

    >>> [normalise_label(text) for text in ("其中：财政    资金", "项目资金\n（元）", "一、总体绩效目标")]
    ['财政资金', '项目资金', '总体绩效目标']
    >>> [normalise_label(text) for text in ("服务对象满意度指标等", "产出指标 (40-50)分", "成本指标（必填")]
    ['服务对象满意度', '产出', '成本']
    >>> [normalise_label(text) for text in ("一级指标", "一*级项目名称", "指标值", "1.项目名称", "3月底")]
    ['一级', '一级项目名称', '指标值', '项目名称', '3月底']
    >>> [normalise_label(text) for text in ("指标", "其中：", "（元）", "")]
    ['指标', '其中', '元', '']
    """
    whole = _NOISE.sub("", unicodedata.normalize("NFKC", text))
    bare = _without_brackets(whole) or _BRACKET_SIGNS.sub("", whole)
    return _without_tail(_HEAD.sub("", bare))


def labels_of_level(text: str) -> tuple[str, str]:
    """Return the labels by which a text may name a level; some provinces print 目标 for 指标.

    >>> labels_of_level("数量目标"), labels_of_level("数量指标")
    (('数量目标', '数量'), ('数量', '数量'))
    """
    label = normalise_label(text)
    return label, label.removesuffix("目标")


def _without_brackets(text: str) -> str:
    """Return the text without brackets and what is in them, from the inside out."""
    shorter = _BRACKETED.sub("", text)
    return shorter if shorter == text else _without_brackets(shorter)


def _without_tail(text: str) -> str:
    """Return the text without what trails behind a label, as long as something is left."""
    shorter = _TAIL.sub("", text)
    return shorter if shorter == text else _without_tail(shorter)


@cache
def graph() -> Graph:
    """Return the ontology and its code lists (no divisions) as one graph, to be read only.

    >>> (JX.Declaration, None, None) in graph()
    True
    """
    merged = Graph("SimpleMemory", bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        merged.bind(prefix, namespace)
    for turtle in _turtle_files():
        for triple in triples_of_turtle(turtle):
            merged.add(triple)
    return merged


def _turtle_files() -> Iterator[bytes]:
    """Yield every Turtle file of the package that states terms, by name."""
    files = sorted(resources.files(__package__).iterdir(), key=lambda file: file.name)
    for file in files:
        if file.name.endswith(".ttl") and file.name != _CONVENTIONS:
            yield file.read_bytes()


@cache
def nquads() -> bytes:
    """Return the graphs `jxg:ontology`, `jxg:codes` and `jxg:divisions` as N-Quads, always in the same order.

    Each triple stands in one graph: terms of `jx:` and the ontology itself in the first, divisions in the
    last, all else in the second.
    """
    terms = sorted(_quad(*triple) for triple in graph())
    return "".join([*terms, divisions_as_nquads()]).encode()


def _quad(subject: object, predicate: object, value: object) -> str:
    """Return one line of N-Quads; the subject tells its graph."""
    home = ONTOLOGY_GRAPH if str(subject).startswith(_TERMS) else CODES_GRAPH
    return f"{_n3(subject)} {_n3(predicate)} {_n3(value)} {home.n3()} .\n"


def _n3(term: object) -> str:
    """Return an IRI or a literal as N-Quads writes it."""
    if isinstance(term, URIRef):
        return term.n3()
    if isinstance(term, Literal):
        return _literal(term)
    message = f"the ontology states {term!r}: only IRIs and literals have a place in it, no blank nodes"
    raise TypeError(message)


def _literal(literal: Literal) -> str:
    """Return a literal as N-Quads writes it, on one line."""
    quoted = str(literal).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    if literal.language:
        return f'"{quoted}"@{literal.language}'
    return f'"{quoted}"^^<{literal.datatype}>' if literal.datatype else f'"{quoted}"'


@cache
def field_labels() -> Mapping[str, tuple[URIRef, ...]]:
    """Return what each normalised label means: one field, or the several that only content can tell apart.

    >>> [str(field).rpartition("/")[2] for field in field_labels()[normalise_label("指标性质")]]
    ['comparator', 'direction']
    """
    meanings: dict[str, set[URIRef]] = defaultdict(set)
    for field in graph().objects(FIELDS, SKOS.member):
        for label in graph().objects(field, SKOS.hiddenLabel):
            meanings[normalise_label(str(label))].add(_iri(field))
    return MappingProxyType({label: tuple(sorted(fields)) for label, fields in sorted(meanings.items())})


@cache
def concept_by_label(scheme: URIRef) -> Mapping[str, URIRef]:
    """Return the concepts of a scheme by every Chinese label they have, normalised.

    >>> str(concept_by_label(JXC["indicator-2015"])[normalise_label("可持续影响指标：")]).rpartition("/")[2]
    'sustainability'
    """
    found = {
        normalise_label(str(label)): _iri(concept)
        for concept in sorted(graph().subjects(SKOS.inScheme, scheme), key=str)
        for predicate in (SKOS.hiddenLabel, SKOS.altLabel, SKOS.prefLabel)
        for label in sorted(graph().objects(concept, predicate), key=str)
        if getattr(label, "language", None) == "zh"
    }
    return MappingProxyType(found)


def _iri(node: object) -> URIRef:
    """Return a node that must be an IRI."""
    if isinstance(node, URIRef):
        return node
    message = f"the ontology uses {node!r} where an IRI must stand"
    raise TypeError(message)


@cache
def texts(subject: URIRef, predicate: URIRef) -> Mapping[str, str]:
    """Return what a term or concept says of itself by language: its label, its definition, a remedy.

    >>> dict(texts(JXC["note-kind/conflict"], SKOS.prefLabel)) == {"zh": "矛盾", "en": "conflict"}
    True
    """
    found = (text for text in graph().objects(subject, predicate) if isinstance(text, Literal))
    return MappingProxyType({str(text.language): str(text) for text in found})


@cache
def words(name: str) -> tuple[str, ...]:
    """Return the words of a list in `words.ttl`, sorted.

    >>> words("watermark")
    ('Evaluation Warning',)
    """
    found = tuple(sorted(str(word) for word in graph().objects(JXC[f"word-list/{name}"], JX.word)))
    if not found:
        message = f"there is no word list {name!r} in ontology/words.ttl: add it, or correct the name"
        raise KeyError(message)
    return found


@cache
def _words_as_labels(name: str) -> frozenset[str]:
    return frozenset(normalise_label(word) for word in words(name))


def is_word(text: str, name: str) -> bool:
    """Return whether a text, compared as labels are, is a word of a list in `words.ttl`.

    >>> is_word("合 计：", "total"), is_word("合计金额大", "total")
    (True, False)
    """
    return normalise_label(text) in _words_as_labels(name)


def holds_word(text: str, name: str) -> bool:
    """Return whether a text, compared as labels are, holds a word of a list in `words.ttl`.

    >>> holds_word("2022年实际完成值", "earlier-year"), holds_word("上年实际完成值", "earlier-year")
    (False, True)
    """
    plain = normalise_label(text)
    return any(word in plain for word in _words_as_labels(name))


@cache
def threshold(name: str) -> Decimal:
    """Return a limit or tolerance of `words.ttl`.

    >>> threshold("satisfaction-full-mark")
    Decimal('90.0')
    """
    value = graph().value(JXC[f"threshold/{name}"], JX.threshold)
    if value is None:
        message = f"there is no threshold {name!r} in ontology/words.ttl: add it, or correct the name"
        raise KeyError(message)
    return Decimal(str(value))
