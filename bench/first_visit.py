"""What a first visit of the calendar brings over the wire, counted by Chromium itself."""

import os
import shutil

from playwright.sync_api import sync_playwright

from .process import CORES, pin_load

# As Chromium noted them, in milliseconds from the start of the navigation.
TIMES = """() => new Promise(told => new PerformanceObserver(list => told({
    dcl_ms: Math.round(performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd),
    lcp_ms: Math.round(list.getEntries().at(-1).startTime),
})).observe({type: "largest-contentful-paint", buffered: true}))"""


def first_visit(url: str, cookie: str) -> dict[str, object]:
    """Bytes as they were sent, for the page and all that it loads, and how many other hosts were asked."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return {"name": "first_visit", "skipped": "no chromium"}
    name, _, value = cookie.partition("=")
    os.sched_setaffinity(0, CORES)  # a browser is made of several processes
    received: dict[str, int] = {}
    addresses: dict[str, str] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(locale="fr-BE")
        context.add_cookies([{"name": name, "value": value, "url": url}])
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.requestWillBeSent", lambda e: addresses.update({e["requestId"]: e["request"]["url"]}))
        wire.on("Network.loadingFinished", lambda e: received.update({e["requestId"]: int(e["encodedDataLength"])}))
        page.goto(f"{url}/healthz")  # so that the browser has started; nothing of ours is in its cache
        page.wait_for_timeout(500)
        received.clear()
        page.goto(f"{url}/calendar/2026-11")
        page.wait_for_timeout(500)
        first, cold = page.evaluate(TIMES), sum(received.values())
        page.reload()
        page.wait_for_timeout(500)
        warm = page.evaluate(TIMES)
        browser.close()
    pin_load()
    sizes: dict[str, int] = {}
    for key, size in received.items():
        sizes.setdefault(addresses[key].removeprefix(url), size)
    return {
        "name": "first_visit",
        "bytes": cold,
        "warm_bytes": sum(received.values()) - cold,
        **first,
        **{f"warm_{name}": value for name, value in warm.items()},
        "html_bytes": sizes.get("/calendar/2026-11", 0),
        "js_bytes": sum(size for address, size in sizes.items() if address.endswith(".js")),
        "requests": len(sizes),
        "other_hosts": sum(not address.startswith(url) for address in addresses.values()),
        "parts": {address.rpartition("/")[2] or address: size for address, size in sizes.items()},
    }
