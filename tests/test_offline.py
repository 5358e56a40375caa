"""In a real browser: no page asks another host, numbers lead to their cells, nothing is wider than a telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from sites import DATA, DOCUMENT, PROJECT, UNIT, serving
from test_pages import PAGES, declarations

from service.store import Changes, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx
    from playwright.sync_api import Browser, Page

LONG_NAME = "关于进一步加强和改进农村基层党组织建设推动乡村振兴工作的专项经费" * 6 + "A" * 200


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own, at the width of a desk."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_asks_another_host(site: str, page: Page, language: str) -> None:
    """Every page and the documentation load from this host alone, without an error on the console."""
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    addresses = [f"{site}/{language}/{name}" for name in PAGES.values()] + [f"{site}/docs"]
    for address in addresses:
        page.goto(address)
    assert len(asked) > len(addresses)
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(site).netloc}
    assert errors == []


def test_the_browser_is_told_to_load_nothing_from_elsewhere(client: httpx.Client) -> None:
    """Pages, data and errors carry the policy; nothing may frame them."""
    for address in ("/zh/", "/docs", "/queries", "/sparql", "/nowhere", "/assets/style.css"):
        headers = client.get(address).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_policy_holds(site: str, page: Page) -> None:
    """A picture from another host that got into a page is blocked, not loaded."""
    page.goto(f"{site}/zh/")
    blocked = page.evaluate(
        """() => new Promise(resolve => {
            document.addEventListener('securitypolicyviolation', event => resolve(event.blockedURI));
            document.body.insertAdjacentHTML('beforeend', '<img src="http://127.0.0.1:9/x.png">');
        })"""
    )
    assert blocked == "http://127.0.0.1:9/x.png"


def test_a_click_on_a_number_shows_the_cell_that_states_it(site: str, page: Page) -> None:
    """From the reading to the printed cell and back: highlighted, on the screen, and the only one."""
    page.goto(f"{site}/zh/projects/{PROJECT}")
    page.get_by_role("link", name="8万元/队/年").first.click()
    cell = page.locator("td:target")
    assert cell.count() == 1
    assert cell.text_content().startswith("8万元/队/年")  # type: ignore[union-attr]
    box = cell.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 900
    plain = page.locator("td#cell-28-5-6")
    colour = "element => getComputedStyle(element).backgroundColor"
    assert cell.evaluate(colour) != plain.evaluate(colour)
    cell.get_by_role("link").click()
    assert page.url.endswith("#indicators")


def test_every_number_of_a_project_highlights_one_cell(site: str, page: Page) -> None:
    """Each of the links to cells has its target on the page."""
    page.goto(f"{site}/zh/projects/{PROJECT}")
    links = page.locator("a.cell").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert len(links) > 20
    for link in set(links):
        page.goto(f"{site}/zh/projects/{PROJECT}{link}")
        assert page.locator("td:target").count() == 1, link


def test_a_finding_leads_to_the_cell_on_the_page_of_its_project(site: str, page: Page) -> None:
    """From the list of findings, over to the project, at the highlighted cell."""
    page.goto(f"{site}/zh/quality/findings?severity=Info")
    page.get_by_role("link", name="表28 第5行 第5列").click()
    assert f"/projects/{PROJECT}" in page.url
    assert page.locator("td:target").text_content().startswith("8万元/队/年")  # type: ignore[union-attr]


def test_the_keyboard_reaches_everything_in_sight(site: str, page: Page) -> None:
    """The first stop skips to the content; each stop can be seen to have the focus."""
    page.goto(f"{site}/zh/projects")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    for _ in range(15):
        page.keyboard.press("Tab")
        style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style != "none"


def test_forms_work_without_script(site: str, browser: Browser) -> None:
    """Filter, question and editor answer with script switched off."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/zh/projects")
    page.fill("#q", "工作队")
    page.get_by_role("button", name="筛选").click()
    assert page.locator("main tbody tr").count() == 4
    page.goto(f"{site}/zh/queries/large-projects")
    page.fill("#p-threshold", "5000000")
    page.get_by_role("button", name="运行").click()
    assert page.locator("main tbody tr").count() > 0
    page.get_by_text("SPARQL 查询语句").click()
    page.goto(f"{site}/zh/sparql")
    page.get_by_role("button", name="运行").click()
    assert page.locator("main tbody tr").count() == 5
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_is_wider_than_a_telephone(site: str, browser: Browser, scheme: str) -> None:
    """At 390 pixels tables scroll inside themselves, and the page does not."""
    context = browser.new_context(viewport={"width": 390, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    for language, name in [(language, name) for language in ("zh", "en") for name in PAGES.values()]:
        page.goto(f"{site}/{language}/{name}")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"/{language}/{name} is {wide} pixels too wide"
    context.close()


def test_a_long_name_wraps(browser: Browser) -> None:
    """Neither 400 Chinese characters nor 200 letters without a blank widen the page."""
    store = open_store("memory:")
    store.apply(Changes(added=declarations(1, LONG_NAME)))
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    with serving(store) as address:
        for path in ("projects", "projects/P0", "quality", "queries/large-projects?threshold=0"):
            page.goto(f"{address}/zh/{path}")
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, f"{path} is {wide} pixels too wide"
    context.close()


def test_print_leaves_out_what_paper_cannot_do(site: str, page: Page) -> None:
    """Menus, filters and downloads are not printed; the table is."""
    page.goto(f"{site}/zh/projects")
    page.emulate_media(media="print")
    assert not page.locator("header nav").is_visible()
    assert not page.locator("form.filter").is_visible()
    assert page.locator("main table").is_visible()


def test_both_colour_schemes_can_be_read(site: str, browser: Browser) -> None:
    """Text stands out from its ground by 4.5 to 1 at least, in light and dark, on the pages with most colours."""
    least_contrast = (DATA / "least_contrast.js").read_text(encoding="utf-8")
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        for path in (f"projects/{PROJECT}", "quality", f"departments/{UNIT}", f"documents/{DOCUMENT}"):
            page.goto(f"{site}/zh/{path}")
            assert page.evaluate(least_contrast) >= 4.5, f"{path} in {scheme}"
        context.close()
