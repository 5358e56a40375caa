"""The lines above a table: the project that its heading names, goals in prose, and what kind of table it is."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ontology.namespaces import JX, JXC

from ..model import Printed
from .columns import horizon_of
from .labels import fields_of, without_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdflib import URIRef

    from ..model import Line, Table

_TABLE = re.compile(
    r"^(?P<name>.+?)(?:项目)?(?:支出)?(?:绩效目标|绩效自评)(?:申报|审批|批复|公开|完成|情况)*表?$"
)
_GENERIC = re.compile(
    r"(?:20\d\d年?度?|年度|长期|中期|中长期|总体|部门|单位|预算|项目|支出|整体|重大|政策|和|省级|市级|县级|区级|本级|专项|资金|绩效|财政|申报|[()（）、\s])+"
)
_DEPARTMENT = re.compile(r"整体(?:支出)?绩效|部门整体|单位整体")
_MONITORING = re.compile(r"绩效(?:目标)?(?:运行|执行)?(?:情况)?监控|运行监控")
_LONGEST_HEADING = 60
_PAGE_NUMBER = re.compile(r"[-—–第\s]*\d{1,4}[-—–页\s]*(?:[/共]\s*\d{1,4}\s*页?)?")
_GOES_ON = re.compile(r"^[(（]?(?:续上?表|接上表|上接)[)）]?")
_CAPTIONS = frozenset({JX.hasGoal, JXC["horizon/long-term"], JX.hasIndicator})
_GOALS = (JX.hasGoal, JXC["horizon/long-term"])
NEAR: Final = 8
"""Lines above a table in which its heading is looked for; a page's navigation stands farther away."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What the lines above a table say of it."""

    project: Printed | None = None
    goals: tuple[tuple[URIRef, Printed], ...] = ()
    """Goals in prose: the label's field and the text."""
    of_department: bool = False
    of_evaluation: bool = False


NO_HEADING: Final = Heading()


def goes_on_below(lines: Sequence[Line]) -> bool:
    """Return whether lines between two tables caption the second as more of the same form: (四)年度绩效指标.

    Nothing but the number of a page stands there; or they name no project, and one of them is a label of goals or
    indicators, or says that the table goes on.
    """
    if all(_PAGE_NUMBER.fullmatch(line.text.strip()) for line in lines):
        return True
    heading = read_heading(lines)
    if heading.project is not None or heading.of_department or heading.of_evaluation:
        return False
    return any(_CAPTIONS & set(_meant(line)) or _GOES_ON.search(line.text) for line in lines[-NEAR:])


def lines_above(table: Table) -> tuple[Line, ...]:
    """Return the lines above a table that may speak of it: notes at the end of the sheet before it do not."""
    return tuple(line for line in table.before if line.place.sheet is None or line.place.sheet == table.sheet)


def lines_of_all_forms(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines above a table of several forms that name neither a project nor a goal: year, unit, money."""
    goals = {printed.text for _, printed in read_heading(lines).goals}
    return tuple(line for line in lines if not names_a_project(line) and line.text not in goals)


def is_monitoring(lines: Sequence[Line]) -> bool:
    """Return whether the lines right above a table head it as monitoring of targets within the year."""
    return any(_MONITORING.search(line.text) and len(line.text) < _LONGEST_HEADING for line in lines[-3:])


def horizon_of_lines(lines: Sequence[Line]) -> str | None:
    """Return the slug in `jxc:horizon/` that the nearest caption of indicators above a table names."""
    captions = (line for line in reversed(lines[-NEAR:]) if JX.hasIndicator in _meant(line))
    return next((horizon_of(without_number(line.text)) for line in captions), None)


def _meant(line: Line) -> tuple[URIRef, ...]:
    return fields_of(without_number(line.text))


def read_heading(lines: Sequence[Line]) -> Heading:
    """Return what the lines right above a table say of it, the nearest heading deciding.

    What stands above the heading that names its project is about something else.
    """
    near = lines[-NEAR:]
    named = next((index for index in range(len(near) - 1, -1, -1) if _project(near[index])), 0)
    return Heading(
        project=_project(near[named]) if near else None,
        goals=tuple(_goals(near[named:])),
        of_department=any(_DEPARTMENT.search(line.text) for line in near),
        of_evaluation=any("自评" in line.text for line in near),
    )


def names_a_project(line: Line) -> bool:
    """Return whether a line is the heading of the table of one project."""
    return _project(line) is not None


def _project(line: Line) -> Printed | None:
    """Return the project that a heading names: `3、绿化绩效目标表` names 绿化, 项目支出绩效目标申报表 names none."""
    text = without_number(unicodedata.normalize("NFKC", line.text).strip())
    match = _TABLE.match(text)
    if match is None or len(text) > 80 or fields_of(text) or _GENERIC.fullmatch(match["name"]):
        return None
    return Printed(match["name"].strip(), None)


def _goals(lines: Sequence[Line]) -> list[tuple[URIRef, Printed]]:
    """Return the text below each line that is the label of a goal."""
    found: list[tuple[URIRef, Printed]] = []
    label: URIRef | None = None
    for line in lines:
        meant = [name for name in _meant(line) if name in _GOALS]
        if meant:
            label = meant[0]
        elif label is not None:
            if len(line.text) > 8 and not _TABLE.match(line.text):
                found.append((label, Printed(line.text, None)))
            label = None
    return found
