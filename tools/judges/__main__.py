"""`make judges`: each judge must see every hole of holes.py and none of its safe twins; then it judges the project."""

import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from .judges import HERE, JUDGES, ROOT, Blind, Finding

SERVED = ("assoc_intranet", "app.py")
PLANTED = ("holes.py", "holes.html")
SEEN_BY = re.compile(r"(?:#|\{#) seen by: (.+?)(?: #\})?$")
# A key that opens nothing, in the shape that is looked for. It is put together here, so that no file ever holds it.
FAKE_KEY = "AKIA" + "7Q3K9ZL2" + "MX5RT8WB"


def main() -> int:
    try:
        with ThreadPoolExecutor(len(JUDGES)) as pool:
            judged = list(pool.map(_prove_and_judge, JUDGES))
    except Blind as blind:
        print(blind)
        return 1
    findings = set().union(*judged)
    known = tomllib.loads((HERE / "judged.toml").read_text(encoding="utf-8"))["finding"]
    complaints = [*unjudged(findings, known, ROOT), *stale(findings, known, ROOT)]
    print(*complaints, sep="\n", end="\n" if complaints else "")
    holes = len(planted_in(HERE))
    answered = "all answered in tools/judges/judged.toml" if not complaints else f"{len(complaints)} to answer"
    print(f"{', '.join(JUDGES)}: {holes} of {holes} planted holes seen, no safe twin named; "
          f"{len(findings)} findings in the project, {answered}.")  # fmt: skip
    return 1 if complaints else 0


def planted_in(folder: Path) -> set[Finding]:
    """What the comments of the planted application say that must be found."""
    return {
        Finding(*told.split(" ", 1), file, number)
        for file in PLANTED
        for number, line in enumerate((folder / file).read_text(encoding="utf-8").splitlines(), 1)
        if (mark := SEEN_BY.search(line))
        for told in mark[1].split(", ")
    }


def doubt(judge: str, planted: set[Finding], seen: set[Finding]) -> str:
    """Why this judge cannot be believed, or nothing."""
    planted = {hole for hole in planted if hole.judge == judge}
    if missed := planted - seen:
        return f"{judge} no longer sees a hole that was planted for it, so its word is worth nothing: {min(missed)}"
    if invented := seen - planted:
        return f"{judge} sees a hole where there is none, so nobody would believe it: {min(invented)}"
    return ""


def unjudged(findings: Iterable[Finding], known: list[dict[str, str]], root: Path) -> list[str]:
    """The findings nobody has answered."""
    cure = "Mend it; or, when it is no hole, say why in tools/judges/judged.toml"
    return [
        f"{finding}. {cure}:\n    {_line(finding, root)}"
        for finding in sorted(findings)
        if not any(_answers(entry, finding, root) for entry in known)
    ]


def stale(findings: Iterable[Finding], known: list[dict[str, str]], root: Path) -> list[str]:
    """The answers to what is no longer found: they would hide the next one."""
    findings = list(findings)
    return [
        f"tools/judges/judged.toml answers what nobody finds any more: {entry['judge']} {entry['rule']} in "
        f"{entry['file']}. Take it away."
        for entry in known
        if not any(_answers(entry, finding, root) for finding in findings)
    ]


def _prove_and_judge(judge: str) -> set[Finding]:
    ask = JUDGES[judge]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for file in PLANTED:
            text = (HERE / file).read_text(encoding="utf-8")
            (folder / file).write_text(text.replace("@FAKE KEY@", FAKE_KEY), encoding="utf-8")
        if reason := doubt(judge, planted_in(HERE), ask(folder, ["."])):
            raise Blind(reason)
    return ask(ROOT, {"semgrep": (*SERVED, "templates"), "bandit": SERVED}.get(judge) or _all_files())


def _all_files() -> list[str]:
    """Every file that is in the history or about to be."""
    command = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return [name for name in names if name and (ROOT / name).is_file()]


def _answers(entry: dict[str, Any], finding: Finding, root: Path) -> bool:
    return (
        (entry["judge"], entry["rule"]) == (finding.judge, finding.rule)
        and fnmatch(finding.file, entry["file"])
        and entry.get("line", "") in _line(finding, root)
    )


def _line(finding: Finding, root: Path) -> str:
    lines = (root / finding.file).read_text(encoding="utf-8", errors="replace").splitlines()
    return lines[finding.line - 1].strip()[:160]


if __name__ == "__main__":
    sys.exit(main())
