"""Where the tools of the audit live, and of which version they are."""

import json
import subprocess
from importlib.metadata import distributions

from ..judges import ROOT

CACHE = ROOT / ".cache"
AUDIT = CACHE / "audit" / "bin"
LIGHTHOUSE = CACHE / "lighthouse" / "node_modules" / "lighthouse"


def versions() -> dict[str, str]:
    [packages] = (CACHE / "audit" / "lib").glob("python*/site-packages")
    known = {it.metadata["Name"].replace("_", "-"): it.version for it in distributions(path=[str(packages)])}
    found = {name: known[name] for name in ("wapiti3", "sqlmap", "pip-audit")}
    if LIGHTHOUSE.exists():
        found["lighthouse"] = json.loads((LIGHTHOUSE / "package.json").read_text(encoding="utf-8"))["version"]
    found["assoc-intranet"] = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    return found
