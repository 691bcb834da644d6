"""The judges that need no network: how each is asked, and what it found, told alike."""

import json
import os
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
PLACE = ROOT / ".cache" / "judges"


@dataclass(frozen=True, order=True)
class Finding:
    judge: str
    rule: str
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.judge} {self.rule}"


class Blind(Exception):
    """A judge did not see what it must see, or could not judge: what it says of us is worth nothing."""


def bandit(folder: Path, paths: Iterable[str]) -> set[Finding]:
    told = _ask("bandit", "-q", "-c", str(ROOT / "pyproject.toml"), "-f", "json", "-r", *paths, folder=folder)
    if told["errors"]:
        raise Blind(f"bandit could not read {told['errors'][0]['filename']}: {told['errors'][0]['reason']}.")
    return {Finding("bandit", it["test_id"], _plain(it["filename"]), it["line_number"]) for it in told["results"]}


def semgrep(folder: Path, paths: Iterable[str]) -> set[Finding]:
    options = ("--config", str(HERE / "rules.yml"), "--metrics=off", "--disable-version-check", "--no-git-ignore")
    # A busy machine is slow, and a rule that was given up would have seen nothing.
    patience = ("--timeout=120", "--timeout-threshold=0")
    told = _ask("semgrep", "scan", *options, *patience, "--disable-nosem", "--json", "--quiet", *paths, folder=folder)
    if told["errors"]:
        raise Blind(f"semgrep could not judge: {told['errors'][0]['message']}")
    return {
        Finding("semgrep", it["check_id"].rpartition(".")[2], _plain(it["path"]), it["start"]["line"])
        for it in told["results"]
    }


def detect_secrets(folder: Path, paths: Iterable[str]) -> set[Finding]:
    told = _ask("detect-secrets", "scan", "--no-verify", "--all-files", *paths, folder=folder)
    return {
        Finding("detect-secrets", it["type"], _plain(file), it["line_number"])
        for file, found in told["results"].items()
        for it in found
    }


def _ask(tool: str, *arguments: str, folder: Path) -> Any:
    """What the tool answers in JSON. It keeps its own settings in the cache, and is told to call nobody."""
    environ = {
        **os.environ,
        "PATH": f"{PLACE / 'bin'}:{os.environ['PATH']}",
        "SEMGREP_SETTINGS_FILE": str(PLACE / "semgrep.yml"),
        "SEMGREP_LOG_FILE": str(PLACE / "semgrep.log"),
        "SEMGREP_SEND_METRICS": "off",
    }
    answer = subprocess.run(
        [PLACE / "bin" / tool, *arguments], cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    try:
        return json.loads(answer.stdout)
    except ValueError:
        raise Blind(f"{tool} gave no answer that can be read: {answer.stderr.strip()[-300:]}") from None


def _plain(path: str) -> str:
    return path.removeprefix("./")


JUDGES: dict[str, Callable[[Path, Iterable[str]], set[Finding]]] = {
    "bandit": bandit,
    "semgrep": semgrep,
    "detect-secrets": detect_secrets,
}
