"""axe-core in a page of ours: what it calls serious or critical, in a line each."""

from functools import cache

from playwright.sync_api import Page

from tests.house.sources import ROOT

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (only) => {
  const asked = { runOnly: only, resultTypes: ["violations"], preload: false };
  const { violations } = await axe.run(document, asked);
  return violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .flatMap(({ id, help, nodes }) => nodes.map(({ target, any }) => [id, target.join(" "), any[0]?.message || help]));
}"""


@cache
def script() -> str:
    return (ROOT / "tests/vendor/axe.min.js").read_text(encoding="utf-8")


def serious(page: Page) -> list[str]:
    """Everything, as the page is now."""
    page.evaluate(script())
    return _judged(page, {"type": "tag", "values": TAGS})


def faint(page: Page) -> list[str]:
    """The contrasts alone: all that another colour scheme can change."""
    return _judged(page, {"type": "rule", "values": ["color-contrast"]})


def _judged(page: Page, only: dict[str, object]) -> list[str]:
    return [f"{rule} at {target}: {said}" for rule, target, said in page.evaluate(RUN, only)]
