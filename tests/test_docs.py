"""The README says what is there: commands, settings, questions, rules, addresses, formats."""

from __future__ import annotations

import pkgutil
import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest
from rdflib.namespace import SKOS
from sites import DOCUMENT, PROJECT, UNIT

from loader.readers.kinds import Kind
from ontology import vocabulary
from ontology.namespaces import JXC
from queries import catalogue
from service import routers
from service.cli import main
from shapes import rules

if TYPE_CHECKING:
    import httpx

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _section(heading: str) -> str:
    """The text between a heading of the README and the next."""
    found = re.search(rf"^### {heading}.*?\n(.*?)(?=^##)", README, re.MULTILINE | re.DOTALL)
    assert found is not None, heading
    return found[1]


def _addresses() -> list[str]:
    """What stands in the first column of the table of addresses."""
    cells = re.findall(r"^\| (`/[^|]+) \|", _section("Addresses"), re.MULTILINE)
    return [address for cell in cells for address in re.findall(r"`([^`]+)`", cell)]


EXAMPLES = {
    "/zh/departments/…": UNIT,
    "/zh/projects/…": PROJECT,
    "/zh/projects/….csv": PROJECT,
    "/zh/documents/…": DOCUMENT,
    "/zh/documents/….json": DOCUMENT,
    "/zh/documents/….txt": DOCUMENT,
    "/zh/queries/…": "large-projects",
    "/tables/….csv": "indicators",
    "/tables/….csv-metadata.json": "indicators",
    "/id/…": f"unit/{UNIT}",
    "/def/…": "Declaration",
    "/code/…": "layout/form",
    "/shape/…": "FU-02-sum",
    "/zh/id/…": "division/130202",
    "/zh/def/…": "Declaration",
    "/zh/code/…": "layout/form",
    "/zh/shape/…": "FU-02-sum",
    "/data/….ttl": f"id/unit/{UNIT}",
    "/problem/…": "not-found",
    "/graph-store/…": f"disclosure/{DOCUMENT}",
    "/zh/reconcile/suggest/…": "entity",
    "/zh/reconcile/1.0/suggest/…": "entity",
    "/zh/reconcile/flyout/…": "entity",
}
"""What stands for the rest of an address in the examples."""


BY_POST: dict[str, dict[str, Any]] = {
    "/shacl": {"headers": {"Content-Type": "text/turtle"}},
    "/zh/reconcile/1.0/match": {"json": {"queries": []}},
    "/zh/reconcile/1.0/extend": {"json": {"ids": [], "properties": []}},
}
"""What is sent to addresses that take POST alone."""
ABOUT_A_THING = (
    "/zh/reconcile/flyout/",
    "/zh/reconcile/preview",
    "/zh/reconcile/1.0/preview",
    "/zh/reconcile/view",
)


def test_every_command_is_described_and_no_other() -> None:
    """The table of commands is the list of commands."""
    described = set(re.findall(r"^\| `jixiao (\w+)", README, re.MULTILINE))
    assert described == set(main.commands)
    assert len(described) == 13


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_has_an_example_in_its_help(name: str) -> None:
    """Help shows a line to copy."""
    command = main.commands[name]
    assert "Example:  jixiao" in command.get_help(click.Context(command))


def test_every_option_is_described() -> None:
    """Each option of each command occurs in the README, with the defaults it has."""
    options = {
        option
        for command in main.commands.values()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--") and option != "--help"
    }
    known = options - {"--out"}  # written as -o everywhere
    assert {option for option in known if f"`{option}" not in README} == set()
    assert "`file:store`" in README
    assert "`127.0.0.1`, `8000`" in README


def test_every_variable_of_the_environment_is_described() -> None:
    """What is read of it stands among the settings."""
    sources = [*(ROOT / "service").rglob("*.py"), *(ROOT / "loader").rglob("*.py")]
    read = {
        name for file in sources for name in re.findall(r"JIXIAO_[A-Z_]+", file.read_text(encoding="utf-8"))
    }
    assert read == set(re.findall(r"`(JIXIAO_[A-Z_]+)`", _section("Settings")))
    assert len(read) >= 3


def test_every_question_is_listed_with_both_titles() -> None:
    """The table of questions is the catalogue."""
    listed = dict(re.findall(r"^\| CQ\d+ \| `([^`]+)` \| (.+) \|$", README, re.MULTILINE))
    assert listed == {name: f"{query.title.zh} | {query.title.en}" for name, query in catalogue().items()}
    assert len(listed) >= 28


def test_every_rule_is_listed_with_its_severity_and_both_messages() -> None:
    """The table of rules is the rule book."""
    listed = re.findall(r"^\| ([A-Z]{2}-\w+) \| ([VWI]) \| (.+) \| (.+) \|$", README, re.MULTILINE)
    book = [(rule.id, str(rule.severity)[0], rule.message.zh, rule.message.en) for rule in rules().values()]
    assert listed == book
    assert len(listed) >= 40


def test_every_format_that_is_read_is_named() -> None:
    """Adding a reader without telling is not possible."""
    told = {
        Kind.DOCX: "Word (`.docx`)",
        Kind.XLSX: "Excel (`.xlsx`,",
        Kind.XLS: "`.xls` and WPS `.et`)",
        Kind.ODT: "OpenDocument (`.odt`,",
        Kind.ODS: "`.ods`)",
        Kind.HTML: "web pages (HTML,",
        Kind.MHTML: "web archives, MHTML)",
        Kind.PDF: "PDF with a text layer",
        Kind.TEXT: "and text in the forms",
        Kind.DOC: "old Word and WPS (`.doc`, `.wps`)",
        Kind.WORKS: "Works and files",
        Kind.RTF: "RTF, Works",
    }
    assert set(told) == set(Kind)
    assert all(words in README for words in told.values())


def test_the_make_targets_of_the_readme_exist() -> None:
    """`make demo`, `make test`, `make lint`, `make soak`."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"`?make (\w+)`?", README))
    assert targets >= {"demo", "test", "lint", "soak"}
    assert {target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)} == set()


def test_the_changelog_tells_of_the_ontology_under_its_own_heading() -> None:
    """Users' saved queries hang on the ontology."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "### Ontology" in changelog


def _family(address: str) -> str:
    """What an address begins with before it names one thing or one format: `/{language}/projects`."""
    path = re.sub(r"^/(zh|en)(?=/|$)", "/{language}", address)
    path = re.split(r"…|\{(?!language\})", path)[0]
    return re.sub(r"\.(\w+)?$", "", path).rstrip("/") or "/"


def test_the_addresses_are_the_routes() -> None:
    """Every family of routes is named in the README, and no other."""
    modules = [
        import_module(f"service.routers.{module.name}") for module in pkgutil.iter_modules(routers.__path__)
    ]
    paths = {route.path for module in modules for route in module.router.routes} | {"/openapi.json"}
    families = {_family(path) for path in paths} - {"/"}  # which only leads to /zh/ or /en/
    assert {_family(address) for address in _addresses()} == families
    assert "/{language}/quality/findings" in families
    assert len(families) >= 20


@pytest.mark.parametrize("address", _addresses())
def test_every_address_answers(address: str, client: httpx.Client) -> None:
    """Over the examples, with one thing in the place of what is left out."""
    path = address.replace("…", EXAMPLES.get(address, "…")).replace("{name}", "large-projects")
    asked = {"query": "ASK {}"} if address == "/sparql" else None
    if address.startswith(ABOUT_A_THING):
        asked = {"id": f"https://w3id.org/jixiao/id/unit/{UNIT}"}
    sent = BY_POST.get(address)
    answer = client.get(path, params=asked) if sent is None else client.post(path, **sent)
    assert answer.status_code in {200, 303}, answer.text
    if answer.is_redirect:
        assert client.get(answer.headers["location"]).status_code == 200


def _questions_asked() -> set[tuple[str, str]]:
    """Where `ask NAME` stands in what people copy from or CI runs, and the name."""
    texts = {"README.md": README}
    for script in sorted((ROOT / ".ci").iterdir()):
        texts[script.name] = script.read_text(encoding="utf-8")
    for name, command in main.commands.items():
        texts[f"jixiao {name} --help"] = command.help or ""
    asked = re.compile(r"jixiao\"? ask +([a-z][\w.-]*)")
    return {(place, name) for place, text in texts.items() for name in asked.findall(text)}


def test_every_question_that_is_shown_exists() -> None:
    """Nobody copies a line that fails; what ends in .rq is a file of the reader's."""
    asked = {(place, name) for place, name in _questions_asked() if not name.endswith(".rq")}
    assert {place for place, _ in asked} >= {"README.md", "try-wheel", "jixiao ask --help"}
    assert {(place, name) for place, name in asked if name not in catalogue()} == set()


def test_every_parameter_that_is_shown_exists() -> None:
    """`jixiao ask large-projects --threshold 500000` can be asked as it stands."""
    texts = README + (main.commands["ask"].help or "")
    shown = re.findall(r"jixiao ask ([a-z][a-z0-9-]*) --(\w+) (\w+)", texts)
    assert shown
    for name, parameter, value in shown:
        if parameter not in {"format", "lang", "store"}:
            assert catalogue()[name].bind(**{parameter: value})


def test_every_layout_is_named() -> None:
    """The table of layouts is the code list; the changelog tells of each."""
    graph = vocabulary.graph()
    listed = re.findall(r"^\| `([a-z-]+)` \| (\S+) \|", _section("Formats and layouts"), re.MULTILINE)
    layouts = set(graph.subjects(SKOS.inScheme, JXC["layout"]))
    labels = {
        (str(graph.value(layout, SKOS.notation)), str(label))
        for layout in layouts
        for label in graph.objects(layout, SKOS.prefLabel)
        if label.language == "zh"
    }
    assert set(listed) == labels
    assert len(listed) == len(layouts) >= 5
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert {label for _, label in labels if label not in changelog} == set()
