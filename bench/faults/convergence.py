"""Pages that stay open while others work and the wire is cut: in the end they equal fresh ones, byte for byte."""

import os
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import date
from difflib import unified_diff
from pathlib import Path
from random import Random

from playwright.sync_api import Browser, Page, sync_playwright

from assoc_intranet.core.clock import today

from .life import Life
from .relay import Relay
from .site import Site
from .verdict import CannotRun, Verdict

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
ZONE = "Europe/Brussels"
# What every answer draws anew by design, and nothing else: the nonce of the policy, the token against forged requests,
# and the name under which a form is sent once.
DRAWN_ANEW = (
    (re.compile(r' hx-nonce="[^"]*"'), ' hx-nonce=""'),
    (re.compile(r'(<input [^>]*name="csrf_token"[^>]*) value="[^"]*"'), r'\1 value=""'),
    (re.compile(r'(<input [^>]*name="op_id"[^>]*) value="[^"]*"'), r'\1 value=""'),
)


def run(quick: bool) -> Iterator[Verdict]:
    """A member keeps six pages open over a wire that is cut again and again, while three others change things."""
    if not (chromium := shutil.which("chromium")):
        raise CannotRun("Chromium is not installed (Debian: apt-get install chromium).")
    seed = int(os.environ.get("SEED", "0")) or int(time.time())
    changes, longest, settle = (40, 3.0, 25.0) if quick else (500, 20.0, 120.0)
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder), seed)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
                told = trial.run(browser, changes, longest, settle, whole=0.0 if quick else 300.0)
                browser.close()
        finally:
            trial.close()
    yield Verdict(
        "Pages that stayed open while the wire was cut equal fresh ones, byte for byte",
        f"{len(told.equal)} of {len(told.equal) + len(told.different)} pages, {told.changes} changes, {told.cuts} cuts "
        f"of up to {told.longest:.0f} s, seed {seed}" + "".join(f"; {name} differs" for name in told.different),
        kept=not told.different,
    )
    yield Verdict("They do so without anybody touching them", f"after {told.seconds:.1f} s", kept=not told.different)


class Told:
    """What came of it: the pages that are equal and those that are not, with how they differ."""

    def __init__(self) -> None:
        self.equal: list[str] = []
        self.different: dict[str, str] = {}
        self.changes = self.cuts = 0
        self.longest = self.seconds = 0.0


class Trial:
    def __init__(self, folder: Path, seed: int):
        self.random = Random(seed)  # noqa: S311 (repeated by its seed)
        self.site = Site(folder)
        self.site.start()
        self.relays: list[Relay] = []
        self.day = today(ZONE)
        team = {name: self.site.ids[name] for name in ("amina", "bruno", "denise")}
        self.life = Life(self.site.app, self.random, self._send, team, self.day)

    def close(self) -> None:
        for relay in self.relays:
            relay.close()
        self.site.close()

    def run(self, browser: Browser, changes: int, longest: float, settle: float, whole: float = 0) -> Told:
        """The life of the team, with cuts of up to `longest` seconds, and one page away for `whole` seconds."""
        told = Told()
        self._furnish()
        wires = [Relay(self.site.port) for _ in range(3 if whole else 2)]
        self.relays += wires
        pages = self._open(browser, wires)
        self._disturb(told, wires, changes, longest, whole)
        began = time.monotonic()
        fresh = self._tab(browser, self.site.url)
        waiting = dict(pages)
        while waiting and time.monotonic() < began + settle:
            for name, page in list(waiting.items()):
                fresh.goto(name)
                if not (difference := _difference(page, fresh)):
                    told.equal.append(name)
                    del waiting[name]
                    told.seconds = time.monotonic() - began
                    told.different.pop(name, None)
                else:
                    told.different[name] = difference
        for page in (*pages.values(), fresh):
            page.context.close()
        told.changes = changes
        return told

    def _furnish(self) -> None:
        """Something of each kind, so that there is something to change and to look at."""
        form = {"question": "Un stand au marché ?", "kind": "yesno", "results": "after", "electorate": "all"}
        closing = {"closes_on": date(self.day.year + 1, 1, 15).isoformat(), "closes_hour": "20:00"}
        assert_taken(self._send("amina", "/polls", {**form, **closing, "op_id": "a" * 32}))
        assert_taken(self._send("amina", "/polls/1/opening", closing))
        for _ in range(12):
            self.life.plan("bruno")
            self.life.add_task("denise")

    def _open(self, browser: Browser, wires: list[Relay]) -> dict[str, Page]:
        """Each page in a tab, over one wire or another; the last wire is that of the long cut."""
        month = f"/calendar/{self.day:%Y-%m}"
        paths = [month, "/tasks", "/polls/1", "/", "/polls", "/tasks/mine"]
        pages = {}
        for place, path in enumerate(paths):
            pages[path] = self._tab(browser, wires[place % len(wires)].url)
            pages[path].goto(path)
        return pages

    def _tab(self, browser: Browser, url: str) -> Page:
        """Where Émile is logged in. Each has connections of its own: a browser opens six at most to one server."""
        context = browser.new_context(base_url=url, locale="fr-BE", viewport={"width": 1280, "height": 900})
        name, _, value = self.site.cookies["emile"].partition("=")
        context.add_cookies([{"name": name, "value": value, "url": url}])
        return context.new_page()

    def _disturb(self, told: Told, wires: list[Relay], changes: int, longest: float, whole: float) -> None:
        over = threading.Event()
        random = Random(self.random.random())  # noqa: S311 (as above)
        lock = threading.Lock()

        def cut(wire: Relay, shortest: float, longest: float) -> None:
            while not over.is_set():
                seconds = random.uniform(shortest, longest)
                wire.cut(random.choice(Relay.WAYS if longest > 5 else Relay.WAYS[:2]))
                with lock:
                    told.cuts, told.longest = told.cuts + 1, max(told.longest, seconds)
                over.wait(seconds)
                wire.mend()
                over.wait(random.uniform(1, 4))

        def long_cut(wire: Relay) -> None:
            wire.cut("refuse")
            time.sleep(whole)
            wire.mend()
            with lock:
                told.cuts, told.longest = told.cuts + 1, whole

        threads = [threading.Thread(target=cut, args=(wire, 1.0, longest)) for wire in wires[:2]]
        threads += [threading.Thread(target=long_cut, args=(wire,)) for wire in wires[2:]]
        for thread in threads:
            thread.start()
        try:
            self.life.live(changes, lambda: time.sleep(random.uniform(0, 2 * (whole or 8) / changes)))
        finally:
            for thread in threads[2:]:
                thread.join()
            over.set()
            for thread in threads[:2]:
                thread.join()

    def _send(self, who: str, path: str, form: object) -> int:
        return self.site.ask("POST", path, who, form).status  # type: ignore[arg-type]


def _difference(page: Page, fresh: Page) -> str:
    """How two pages differ, line by line; nothing where they are the same."""
    ours, theirs = _content(page), _content(fresh)
    return "" if ours == theirs else "\n".join(unified_diff(ours.splitlines(), theirs.splitlines(), lineterm="", n=1))


def _content(page: Page) -> str:
    html = page.evaluate("document.getElementById('main').innerHTML")
    for drawn, nothing in DRAWN_ANEW:
        html = drawn.sub(nothing, html)
    return str(html)


def assert_taken(status: int) -> None:
    if not 200 <= status < 400:
        raise RuntimeError(f"refused: {status}")
