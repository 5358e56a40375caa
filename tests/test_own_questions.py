"""A folder of questions of a user's own: read as the shipped ones are, answered beside them, shown as theirs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from queries import QueryFileError, catalogue
from service.app import make_app
from service.cli import main
from service.own_questions import questions_with
from service.settings import Settings

if TYPE_CHECKING:
    import httpx

    from service.store import Store

OWN = """#+ id: {id}
#+ title: {{zh: 我们的问题, en: A question of ours}}
#+ description: {{zh: 有多少份绩效目标表？, en: How many declarations there are}}
{more}#+ columns:
#+   declarations: {{zh: 份数, en: Declarations}}
#+ needs: [one document]
PREFIX jx: <https://w3id.org/jixiao/def/>
SELECT (COUNT(*) AS ?declarations) WHERE {{ ?declaration {pattern} }}
"""


def written(folder: Path, name: str = "declarations", identifier: str = "our-1", **parts: str) -> Path:
    """A question of ours in a folder."""
    text = OWN.format(id=identifier, **{"more": "", "pattern": "a jx:Declaration", **parts})
    (folder / f"{name}.rq").write_text(text, encoding="utf-8")
    return folder


def test_own_questions_stand_behind_those_of_the_catalogue(tmp_path: Path) -> None:
    """All of both; only theirs are marked."""
    questions = questions_with(written(tmp_path))
    assert list(questions) == [*catalogue(), "declarations"]
    assert [question.name for question in questions.values() if question.own] == ["declarations"]
    assert questions_with(None).keys() == catalogue().keys()


@pytest.mark.parametrize(
    ("parts", "line", "told"),
    [
        ({"name": "large-projects"}, 1, "'large-projects' is a question already"),
        ({"identifier": "CQ05"}, 1, "the id 'CQ05' is that of projects-lacking-output"),
        ({"pattern": "a jx:Declaration ;;, "}, 8, "this is not SPARQL"),
        ({"pattern": "a other:Declaration"}, 8, "the prefix 'other' is used and not declared"),
        (
            {
                "more": "#+ parameters:\n#+   limit: {type: integer, default: 3, label: {zh: 行数, en: Rows}}\n"
            },
            5,
            "the parameter 'limit' says in addresses how to answer",
        ),
    ],
)
def test_what_cannot_be_asked_is_told_with_file_and_line(
    tmp_path: Path, parts: dict[str, str], line: int, told: str
) -> None:
    """Before anybody asks it."""
    with pytest.raises(QueryFileError, match=told) as caught:
        questions_with(written(tmp_path, **parts))
    assert caught.value.line == line
    assert Path(caught.value.file).parent == tmp_path


def test_a_folder_without_questions_is_told(tmp_path: Path) -> None:
    """A wrong folder is not taken for one without wishes; neither is one that is not there."""
    for command in ("serve", "ask"):
        outcome = CliRunner().invoke(main, [command, "--queries", str(tmp_path)])
        assert outcome.exit_code == 2
        assert "there are no questions here: their files end in .rq" in outcome.output
        outcome = CliRunner().invoke(main, [command, "--queries", str(tmp_path / "none")])
        assert outcome.exit_code == 2
        assert "does not exist" in outcome.output


def test_own_questions_are_listed_on_the_command_line(tmp_path: Path) -> None:
    """By the option, or by the variable of the environment."""
    folder = str(written(tmp_path))
    by_option = CliRunner().invoke(main, ["ask", "--queries", folder, "--lang", "en"])
    by_variable = CliRunner().invoke(main, ["ask", "--lang", "en"], env={"JIXIAO_QUERIES": folder})
    for outcome in (by_option, by_variable):
        assert outcome.output.splitlines()[-1].split(maxsplit=2) == [
            "our-1",
            "declarations",
            "A question of ours",
        ]


def test_own_questions_are_answered_and_shown_as_theirs(library: Store, tmp_path: Path) -> None:
    """By address in every format, on a page, in the list under a heading of its own, and in RDF."""
    questions = questions_with(written(tmp_path, name="我们的问题"))
    with TestClient(make_app(library, Settings(), questions)) as client:
        assert client.get("/queries/我们的问题.json").json() == [{"declarations": 41}]
        assert client.get("/queries/我们的问题.xlsx").status_code == 200
        (ours,) = [one for one in client.get("/queries").json() if one["own"]]
        assert client.get(ours["csv"]).text == "declarations\r\n41\r\n"
        html = {"Accept": "text/html", "Accept-Language": "en"}
        listed = client.get("/en/queries", headers=html).text
        assert listed.index("Questions of this site") < listed.index("A question of ours")
        page: httpx.Response = client.get("/queries/我们的问题", headers=html)
        assert "Added by those who run this site" in page.text
        assert "/queries/%E6%88%91%E4%BB%AC%E7%9A%84%E9%97%AE%E9%A2%98>" in client.get("/queries.nt").text
