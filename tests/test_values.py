"""What printed target values mean: a table of readings, a table of refusals, and the shared real tables."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rdflib import SKOS, Literal

from loader.model import (
    Comparator,
    Deadline,
    Deferred,
    Period,
    Qualitative,
    Quantity,
    RemarkKind,
    Unreadable,
    Unset,
)
from loader.numbers import COMPARATORS
from loader.values import base_number, parse
from ontology import JXC, units, vocabulary
from ontology.units import every_spelling, plain, unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loader.model import Reading

FOLDER = Path(__file__).parent
INPUTS = ("text", "year", "comparator_cell", "unit_cell", "name")

Row = dict[str, str]


def rows_of(name: str) -> list[Row]:
    return list(csv.DictReader((FOLDER / name).read_text(encoding="utf-8").splitlines()))


def inputs_of(row: Row) -> tuple[str, ...]:
    return tuple(row[column] for column in INPUTS)


READINGS = [(inputs, list(rows)) for inputs, rows in groupby(rows_of("values.csv"), inputs_of)]
ERRORS = rows_of("value_errors.csv")


def read(inputs: tuple[str, ...]) -> tuple[Reading, ...]:
    text, year, comparator, unit_cell, name = inputs
    return parse(text, year=int(year) if year else None, comparator=comparator, unit=unit_cell, name=name)


# --- the two tables -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("inputs", "rows"), READINGS, ids=["|".join(inputs) for inputs, _ in READINGS])
def test_a_printed_value_is_read_as_the_table_says(inputs: tuple[str, ...], rows: list[Row]) -> None:
    """Each row of values.csv is one reading; graded text has several rows."""
    assert [described(reading) for reading in read(inputs)] == [told(row) for row in rows]


@pytest.mark.parametrize("row", ERRORS, ids=lambda row: "|".join(inputs_of(row)))
def test_a_value_that_is_not_safe_is_refused_with_the_reason(row: Row) -> None:
    """Each row of value_errors.csv is unreadable; what is certain of it is kept."""
    (reading,) = read(inputs_of(row))
    assert isinstance(reading, Unreadable)
    assert reading.reason.zh == row["reason"]
    assert (slug(reading.comparator), digits(reading.number)) == (row["comparator"], row["number"])


@pytest.mark.parametrize(
    ("text", "unit_cell", "raw"),
    [
        ("逐步提高", "个", "逐步提高"),
        ("按照财政部通知确定", "%", "按照财政部通知确定"),
        ("2025年12月31日前", "%", "2025年12月31日前"),
        ("2025年6月30", "日", "2025年6月30日"),
        ("735", "人次", "735人次"),
    ],
)
def test_a_unit_is_printed_with_what_it_is_a_unit_of(text: str, unit_cell: str, raw: str) -> None:
    """A phrase or a whole day has none: the column beside it is no part of what is quoted."""
    assert [reading.raw for reading in parse(text, unit=unit_cell)] == [raw]


def test_the_tables_are_whole() -> None:
    """The suite does not shrink in silence, and every kind of reading occurs."""
    assert len(READINGS) == 562
    assert len(ERRORS) == 44
    kinds = Counter(row["kind"] for _, rows in READINGS for row in rows)
    assert set(kinds) == {"quantity", "deadline", "period", "qualitative", "deferred", "unset"}
    assert min(kinds.values()) >= 15


def described(reading: Reading) -> Row:
    """Return a reading in the words of values.csv."""
    said = {
        "kind": type(reading).__name__.lower(),
        "comparator": slug(getattr(reading, "comparator", None)),
        "number": digits(getattr(reading, "number", None)),
        "upper": digits(getattr(reading, "upper", None)),
        "unit": getattr(getattr(reading, "unit", None), "slug", ""),
        "due": str(getattr(reading, "due", "")),
        "start": str(getattr(reading, "start", "")),
        "grade": getattr(reading, "grade", None) or "",
        "remark": slug(getattr(getattr(reading, "remark", None), "kind", None)),
    }
    flags = {
        "comparator_explicit": flag(reading, "comparator_explicit") if said["comparator"] else "",
        "unit_explicit": flag(reading, "unit_explicit") if said["unit"] else "",
    }
    return said | flags


def told(row: Row) -> Row:
    return {column: value for column, value in row.items() if column not in INPUTS}


def slug(member: Comparator | RemarkKind | None) -> str:
    return member.value if member else ""


def digits(number: Decimal | None) -> str:
    return "" if number is None else format(number, "f")


def flag(reading: Reading, name: str) -> str:
    return str(getattr(reading, name)).lower() if hasattr(reading, name) else ""


# --- the shared real tables ---------------------------------------------------------------------------------

KINDS = {
    "quantity": Quantity,
    "deadline": Deadline,
    "period": Period,
    "qualitative": Qualitative,
    "deferred": Deferred,
    "unset": Unset,
    "unreadable": Unreadable,
}


def choices(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def expected_values(shared: Path) -> Iterator[tuple[dict[str, Any], int | None]]:
    """Yield every indicator of the shared tables, with the year of its table."""
    for path in sorted((shared / "disclosures").rglob("expected.json")):
        for content in json.loads(path.read_text(encoding="utf-8"))["files"].values():
            wholes = [
                *content["projects"],
                *filter(lambda whole: isinstance(whole, dict), [content.get("overall")]),
            ]
            for whole in wholes:
                for indicator in whole.get("indicators", []):
                    yield indicator, choices(content["year"])[0]


def agrees(expected: dict[str, Any], reading: Reading) -> bool:
    """Return whether a reading is one the shared table accepts; what it does not say is not judged."""
    return (
        (
            "kind" not in expected
            or isinstance(reading, tuple(KINDS[kind] for kind in choices(expected["kind"])))
        )
        and ("comparator" not in expected or printed_comparator(reading) in choices(expected["comparator"]))
        and ("number" not in expected or number_of(reading) in map(as_number, choices(expected["number"])))
        and ("unit" not in expected or any(same_unit(word, reading) for word in choices(expected["unit"])))
        and all(
            key not in expected or str(getattr(reading, key, None)) in choices(expected[key])
            for key in ("due", "start")
        )
    )


def printed_comparator(reading: Reading) -> str | None:
    explicit = getattr(reading, "comparator_explicit", True)
    return slug(getattr(reading, "comparator", None)) or None if explicit else None


def number_of(reading: Reading) -> Decimal | None:
    return getattr(reading, "number", None)


def as_number(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(str(number))


def same_unit(word: str | None, reading: Reading) -> bool:
    found = getattr(reading, "unit", None)
    if word is None:
        return found is None or not getattr(reading, "unit_explicit", True)
    if word in units.SCALES:
        word += "元"
    return found is not None and found == unit(word)


def test_the_values_of_the_shared_tables_are_read_as_expected(shared: Path) -> None:
    """Every printed value of the real tables and the seed agrees, judged by its text, name and year alone."""
    judged = list(expected_values(shared))
    wrong = [
        (expected["name"], expected["value_text"])
        for expected, year in judged
        if not any(
            agrees(alternative, reading)
            for text in choices(expected["value_text"])
            for reading in parse(text, year=year, name=choices(expected["name"])[0])
            for alternative in [expected, *expected.get("alternatives", [])]
        )
    ]
    assert len(judged) == 522
    assert wrong == []


def researched(shared: Path) -> list[Row]:
    path = shared / "disclosures" / "values.tsv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t"))


def split_cells(raw: str) -> tuple[str, str, str]:
    """Return comparator, value and unit of a researched value: `≧ + 735 + 人次`, `(blank) + 有效 + (blank)`."""
    raw = re.sub(r" (?:for .*|\((?:定性|target|unit).*)$", "", raw)
    parts = [part.strip().replace("(blank)", "") for part in raw.split(" + ")]
    if len(parts) == 2 and not parts[0][:1].isdigit():
        return parts[0], parts[1], ""
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else ("", raw, "")


def test_the_researched_values_are_read_as_numbers_units_and_days(shared: Path) -> None:
    """Of each researched value the number, the unit and the day are those that the research found."""
    rows = researched(shared)
    wrong = [row["raw"] for row in rows if not matches_research(row)]
    assert len(rows) == 67
    assert wrong == ["292%", "1 (unit (个) in the name)"], "one is never mended, one needs its name"


def matches_research(row: Row) -> bool:
    """Return whether the first reading has the research's first number, its unit and its date."""
    comparator, text, unit_cell = split_cells(row["raw"])
    money = unit("万元") if row["class"] == "money" else None
    reading = parse(text, comparator=comparator, unit=unit_cell, money=money)[0]
    if row["class"] == "period":
        return isinstance(reading, Period)
    if re.match(r"\d{4}-", row["unit_or_date"]):
        return getattr(reading, "due", None) == date.fromisoformat(row["unit_or_date"])
    if not row["n1"] or row["class"] == "boolean":
        return number_of(reading) is None
    number = number_of(reading) == Decimal(row["n1"].split(" / ")[0])
    word = re.sub(r"^m²(?: \((.*)\))?$", "平方米", row["unit_or_date"]).replace("(none)", "")
    return number and (not word or same_unit(word, reading))


# --- comparators: the grammar and the code list say the same ------------------------------------------------


def test_every_label_of_a_comparator_is_understood() -> None:
    """A spelling that the ontology lists is read in front of a number, behind it, or both."""
    scheme = JXC["comparator"]
    labels = [
        (str(concept).rpartition("/")[2], str(label))
        for concept in vocabulary.graph().subjects(SKOS.inScheme, scheme)
        for predicate in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
        for label in vocabulary.graph().objects(concept, predicate)
        if isinstance(label, Literal) and label.language == "zh"
    ]
    assert len(labels) >= 40
    wrong = [label for slug, label in labels if slug not in comparators_read(f"{label}95%", f"95%{label}")]
    assert wrong == []


def comparators_read(*texts: str) -> set[str]:
    """Return the printed comparators of those texts that are quantities."""
    readings = [reading for text in texts for reading in parse(text) if isinstance(reading, Quantity)]
    return {slug(reading.comparator) for reading in readings if reading.comparator_explicit}


# --- cells beside the value ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comparator", "text", "unit_cell", "raw"),
    [
        ("≧", "735", "人次", "≧735人次"),
        ("≥", "95%", "%", "≥95%"),
        ("≥", "≥95%", "%", "≥95%"),
        ("=", "44,561", "44,561", "=44,561"),
        ("正向", "95", "%", "95%"),
        ("", "有效", "/", "有效"),
        ("≥", "", "%", "≥%"),
        ("=", "24", "人/次", "=24人/次"),
    ],
)
def test_the_raw_text_joins_what_the_cells_print(
    comparator: str, text: str, unit_cell: str, raw: str
) -> None:
    """Comparator, value and unit stand in the raw text as printed, and none of them twice."""
    assert parse(text, comparator=comparator, unit=unit_cell)[0].raw == raw


def test_a_scale_is_money_where_the_column_or_the_name_is() -> None:
    """110万 is 110 万元 in a column of money, 1100000 elsewhere; the unit is never called printed."""
    (by_column,) = parse("110万", money=unit("元"))
    (by_name,) = parse("110万", name="市级资金保障总数")
    (elsewhere,) = parse("110万", name="补助人数")
    assert isinstance(by_column, Quantity)
    assert isinstance(elsewhere, Quantity)
    assert by_column == by_name
    assert (by_column.number, by_column.unit, by_column.unit_explicit) == (Decimal(110), unit("万元"), False)
    assert base_number(by_column) == 1_100_000
    assert elsewhere.number == 1_100_000
    assert elsewhere.unit is None


def test_a_contradiction_between_cells_is_told_and_the_value_cell_holds() -> None:
    """The unit column says 个 beside 95%: the target is 95 %, and somebody should look."""
    (reading,) = parse("95%", unit="个")
    assert isinstance(reading, Quantity)
    assert reading.unit == unit("%")
    assert reading.remark is not None
    assert reading.remark.kind is RemarkKind.CONFLICT
    assert "95%" in reading.remark.told.zh


@pytest.mark.parametrize("text", ["292%", "290%", "280%", "250%", "2100%"])
def test_a_likely_misread_sign_is_told_and_never_mended(text: str) -> None:
    """The number stays the printed one; with a printed comparator nothing is suspected."""
    (reading,) = parse(text)
    (compared,) = parse(f"≥{text}")
    assert isinstance(reading, Quantity)
    assert isinstance(compared, Quantity)
    assert reading.number == Decimal(text.removesuffix("%"))
    assert reading.remark is not None
    assert reading.remark.kind is RemarkKind.LIKELY_MISREAD
    assert compared.remark is None


def test_a_month_takes_the_year_of_its_table() -> None:
    """The same text falls due in another year in another table, and never without one."""
    dues = [
        reading.due
        for year in (2024, 2025)
        for reading in parse("2月底前", year=year)
        if type(reading) is Deadline
    ]
    assert dues == [date(2024, 2, 29), date(2025, 2, 28)]
    assert isinstance(parse("2月底前")[0], Unreadable)


@pytest.mark.parametrize(
    "pattern",
    [
        "1",
        "每",
        "达到",
        "每人",
        "1-",
        "全年",
        "优1良2",
        "1个",
        "待",
        "不超过",
        "2025年6月",
        "(",
        "1 ",
        "万",
        "/",
    ],
)
@pytest.mark.parametrize("unit", ["", "日"])
def test_reading_a_long_text_takes_time_in_proportion(pattern: str, unit: str) -> None:
    """What begins anew at every character would take minutes for these, and hours for what a file may hold."""
    started = process_time()
    for length in (40, 200, 200_000):
        assert len(parse((pattern * length)[:length], year=2025, name=pattern, unit=unit)) == 1
    assert process_time() - started < 60


# --- properties -----------------------------------------------------------------------------------------------

GRAMMAR = (
    "0123456789.,%‰≥≤><=-~—至到±()（）:/·*×年月日底前内以上下不超过低于"
    "万亿千百元人次个天户优良中差按照一二三十两每均率度␣ \n"
)
anything = st.text(max_size=40) | st.text(alphabet=GRAMMAR, max_size=30)
numbers = st.decimals(min_value=0, max_value=10**15, places=3) | st.integers(0, 10**9).map(Decimal)


@given(anything, anything, anything, anything, st.none() | st.integers(1, 9999))
def test_any_text_has_a_reading(text: str, comparator: str, cell: str, name: str, year: int | None) -> None:
    """Whatever is printed, parse returns a reading and raises nothing."""
    readings = parse(text, year=year, comparator=comparator, unit=cell, name=name)
    assert readings
    assert all(isinstance(reading, tuple(KINDS.values())) for reading in readings)
    bases = [base_number(reading) for reading in readings if isinstance(reading, Quantity) and reading.unit]
    assert all(base is None or base.is_finite() for base in bases)


@given(anything, st.none() | st.just(2025))
def test_the_raw_text_travels_along(text: str, year: int | None) -> None:
    """A value in one cell keeps its text; a grade keeps its part of it."""
    readings = parse(text, year=year)
    assert all(reading.raw in text for reading in readings)
    assert len(readings) > 1 or readings[0].raw == text or getattr(readings[0], "grade", None)


PRINTED_UNITS = sorted(spelling for spelling in every_spelling() if not spelling[0].isdigit())
CALENDAR = {unit(word) for word in ("年", "月", "日", "季度")}


@given(st.sampled_from(sorted(COMPARATORS)), numbers, st.sampled_from(PRINTED_UNITS), st.booleans())
def test_what_is_printed_is_read_back(comparator: str, number: Decimal, spelling: str, grouped: bool) -> None:
    """Comparator, number and unit of any known spelling are read as they were printed."""
    assume(every_spelling()[spelling] not in CALENDAR)
    printed = format(number, ",f") if grouped else format(number, "f")
    (reading,) = parse(f"{comparator}{printed}{spelling}")
    assert isinstance(reading, Quantity)
    assert reading.comparator == COMPARATORS[comparator]
    assert (reading.comparator_explicit, reading.unit_explicit) == (True, True)
    assert (reading.number, reading.unit) == (number, every_spelling()[spelling])


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**30, places=20))
def test_numbers_stay_exact(number: Decimal) -> None:
    """Not one digit is lost, and the base number is the exact product."""
    (reading,) = parse(f"{number:f}万元")
    assert isinstance(reading, Quantity)
    assert reading.number.as_tuple() == Decimal(f"{number:f}").as_tuple()
    assert Fraction(base_number(reading) or 0) == Fraction(number) * 10_000


TEXTS = sorted({inputs[0] for inputs, _ in READINGS} | {row["text"] for row in ERRORS})


@given(st.sampled_from(TEXTS))
def test_width_does_not_matter(text: str) -> None:
    """Full-width digits, letters and signs mean what the others mean."""
    wide = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)
    assert meanings(wide, year=2025) == meanings(text, year=2025)


@given(st.sampled_from(TEXTS), st.data())
def test_blanks_do_not_matter_except_between_digits(text: str, data: st.DataObject) -> None:
    """A blank anywhere but between two digits changes nothing."""
    places = [at for at in range(len(text) + 1) if not apart(text, at)]
    at = data.draw(st.sampled_from(places))
    assert meanings(f"{text[:at]} {text[at:]}", year=2025) == meanings(text, year=2025)


def apart(text: str, at: int) -> bool:
    """Return whether a blank here would part, or stand beside a blank that parts, two digits."""
    before, after = text[:at].rstrip(), text[at:].lstrip()
    return bool(before and after) and before[-1].isdigit() and after[0].isdigit()


def meanings(text: str, year: int) -> list[Row]:
    """Return the readings of a text without the text itself."""
    return [described(reading) for reading in parse(text, year=year)]


@given(st.sampled_from(TEXTS))
def test_reading_is_a_function_of_what_is_printed(text: str) -> None:
    """The compact form alone decides: normalising twice changes nothing."""
    assert plain(plain(text)) == plain(text)
    composed = unicodedata.normalize("NFC", text)
    assert meanings(composed, year=2025) == meanings(text, year=2025)
