"""A real server in a process of its own, and real people in Debian's Chromium."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

from assoc_intranet import create_app
from assoc_intranet.core.db import db
from assoc_intranet.migrations import upgrade
from tests.house.examples import furnish

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PASSWORD = "trois mots jolis"


@dataclass
class Site:
    """A running server: its address, the link of its first run, its folder, the examples it was given, who is in."""

    url: str
    setup_link: str
    data: Path
    process: subprocess.Popen[str]
    examples: dict[str, object] = field(default_factory=dict)
    cookies: dict[str, StorageState] = field(default_factory=dict)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("site")
    running = start(data)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with an example of everything. A module names it `site` to have its visitors go there."""
    data = tmp_path_factory.mktemp("furnished")
    app = create_app({"TESTING": True}, {"DATA_DIR": str(data)})
    upgrade(app)
    with app.app_context():
        examples = furnish()
        db.engine.dispose()
    running = start(data, SMTP_HOST="127.0.0.1", SMTP_PORT="9")  # where nothing listens: mail is offered, and waits
    running.examples = examples
    yield running
    running.stop()


@pytest.fixture
def another(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """`another(LIVE_MAX="1")` is a site of this test alone, with these settings, where nobody is yet."""
    running: list[Site] = []

    def serve(**settings: str) -> Site:
        running.append(start(tmp_path, **settings))
        return running[-1]

    yield serve
    for site in running:
        site.stop()


def start(data: Path, port: int = 0, **settings: str) -> Site:
    """Serve the folder `data`, on a free port unless one is named, ready to answer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = port or probe.getsockname()[1]
    environ = {**os.environ, "DATA_DIR": str(data), "PORT": str(port), "PYTHONUNBUFFERED": "1", "LANG": "C", **settings}
    log = data / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "app.py"], cwd=ROOT, env=environ, stdout=output, stderr=subprocess.STDOUT, text=True
        )
    url = f"http://127.0.0.1:{port}"
    wait_for(lambda: answers(f"{url}/healthz"), 20, log.read_text)
    link = re.search(r"http\S+/setup\?code=\S+", log.read_text())
    return Site(url, link[0] if link else "", data, process)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:  # noqa: S310 (our own address)
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def wait_for(condition: Callable[[], bool], seconds: float, explain: Callable[[], str] = lambda: "") -> None:
    """Wait until something is so. The content policy refuses the browser's own way to wait for an expression."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"still not so after {seconds} s: {explain()}")
        time.sleep(0.05)


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """`visit()` is a new person at the door, speaking French; what their console says in red fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def arrive(**options: object) -> Page:
        context = browser.new_context(**{"locale": "fr-BE", "base_url": site.url, **options})  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if _is_alarming(said.type, said.text) else None)
        return page

    yield arrive
    for context in contexts:
        context.close()
    assert not complaints, complaints


def _is_alarming(kind: str, text: str) -> bool:
    return kind == "error" and "status of 4" not in text


def found(page: Page, site: Site) -> None:
    """Amina names the association and creates her account."""
    page.goto(site.setup_link)
    page.fill("[name=association]", "La Bêche & le Tournevis")
    page.fill("[name=name]", "Amina Benali")
    page.fill("[name=email]", "amina@exemple.org")
    page.fill("[name=password]", PASSWORD)
    page.click("main form .btn")
    page.wait_for_selector("[data-place=today][aria-current]")


def log_in(page: Page, email: str = "amina@exemple.org") -> None:
    page.goto("/login")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main form .btn")
    page.wait_for_selector(".nav")


@pytest.fixture(scope="module")
def founded(browser: Browser, site: Site) -> Site:
    """The site once Amina has founded the association and Bruno has joined it."""
    amina = browser.new_page(locale="fr-BE", base_url=site.url)
    found(amina, site)
    link = invite(amina)
    bruno = browser.new_page(locale="fr-BE", base_url=site.url)
    join(bruno, link, "Bruno Lambert", "bruno@exemple.org")
    site.cookies = {"amina": amina.context.storage_state(), "bruno": bruno.context.storage_state()}
    amina.context.close()
    bruno.context.close()
    return site


def invite(page: Page) -> str:
    """Draw an invitation and give back the link that can be copied."""
    page.goto("/invitations")
    page.click("main form .btn")
    return page.input_value(".copy input")


def join(page: Page, link: str, name: str, email: str) -> None:
    page.goto(link)
    page.fill("[name=name]", name)
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main form .btn")
    page.wait_for_selector("[data-place=today][aria-current]")
