"""Take the README's pictures from the built site: the first page and four charts, as PNG under docs/pictures."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from browser import launch  # noqa: E402

SITE, PICTURES = ROOT / "build" / "site", ROOT / "docs" / "pictures"
CHARTS = {
    "sectors": "01_programme",
    "trade_levels": "02_trade",
    "relief": "03_business_environment",
    "outcomes_investment": "06_outcomes",
}


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_context(offline=True, viewport={"width": 1200, "height": 900}).new_page()
        page.goto((SITE / "index.html").as_uri())
        page.screenshot(path=PICTURES / "site.png")
        page.set_viewport_size({"width": 760, "height": 900})
        for chart, name in CHARTS.items():
            page.goto((SITE / f"{name}.html").as_uri())
            figure = page.locator(f"figure#{chart}")
            figure.scroll_into_view_if_needed()
            figure.locator(".main-svg").first.wait_for()
            page.wait_for_timeout(500)
            figure.screenshot(path=PICTURES / f"{chart}.png")
        browser.close()


if __name__ == "__main__":
    main()
