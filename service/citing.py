"""How an answer is cited: a permanent address with the version of the data, as GB/T 7714 and as BibTeX."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from .answers import select
from .loading import turns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from queries.query import Query

    from .negotiation import Language
    from .store import Store

VERSION: Final = "dataset"
"""The parameter of an address that names the version of the data that was cited."""
MEDIA_TYPE: Final = "application/x-bibtex"
_SHORT: Final = 8
"""As many digits of a version as people read."""
_PUBLISHER: Final = {"zh": "绩效目标知识图谱", "en": "Budget performance knowledge graph"}
_IN_VERSION: Final = {"zh": "{title}：数据版本 {version}", "en": "{title} (data version {version})"}
_UNNAMED: Final = {"zh": "{title}", "en": "{title}"}
_NO_BRACES: Final = str.maketrans("{}\\", "()/")
"""What would end a field of BibTeX, or begin a command of TeX."""
_LAST_LOADED: Final = """PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
SELECT (MAX(STR(?loaded)) AS ?last) { ?record foaf:primaryTopic ?document ; dcterms:issued ?loaded }"""


@dataclass(frozen=True, slots=True)
class Citation:
    """What is said of an answer when it is cited; days as 2025-12-31."""

    name: str
    title: str
    language: Language
    address: str
    version: str
    """Of the data; empty where nothing was loaded yet."""
    changed: str
    """The day on which documents were last loaded; empty where none were."""
    read: str
    """The day on which it was read."""

    @property
    def whole_title(self) -> str:
        """The title with the version of the data."""
        told = _IN_VERSION if self.version else _UNNAMED
        return told[self.language].format(title=self.title, version=self.version[:_SHORT])

    @property
    def gb_t_7714(self) -> str:
        """The line that GB/T 7714-2015 asks for: a database that is online."""
        changed = f"({self.changed})" if self.changed else ""
        return (
            f"{_PUBLISHER[self.language]}. {self.whole_title}[DB/OL]. {changed}[{self.read}]. {self.address}."
        )

    @property
    def bibtex(self) -> str:
        """The entry of a file of BibTeX."""
        fields = {
            "author": f"{{{_PUBLISHER[self.language]}}}",
            "title": f"{{{self.whole_title.translate(_NO_BRACES)}}}",
            "year": (self.changed or self.read)[:4],
            "url": self.address,
            "urldate": self.read,
            "version": self.version,
        }
        told = (f"  {name} = {{{value}}}" for name, value in fields.items() if value)
        key = "-".join(filter(None, ("jixiao", self.name, self.version[:_SHORT])))
        return "".join((f"@misc{{{key},\n", ",\n".join(told), "\n}\n"))


def citation(
    store: Store, question: Query, values: Mapping[str, str], language: Language, site: str
) -> Citation:
    """Return how the answer to a question for some values is cited today."""
    version = turns.version_of(store)
    asked = {name: value for name, value in values.items() if value} | ({VERSION: version} if version else {})
    query = f"?{urlencode(asked)}" if asked else ""
    loaded = next((row.text("last") for row in select(store, _LAST_LOADED)), "")
    return Citation(
        name=question.name,
        title=question.title[language],
        language=language,
        address=f"{site}/queries/{quote(question.name)}{query}",
        version=version,
        changed=loaded[:10],
        read=datetime.now(UTC).date().isoformat(),
    )
