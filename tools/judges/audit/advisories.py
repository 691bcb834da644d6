"""pip-audit on what we serve with: known weaknesses of these versions, where somebody can be asked who knows them."""

import json
import subprocess

from ..judges import ROOT
from .report import BROKEN, KEPT, NOT_JUDGED, Row
from .tools import AUDIT

PROMISE = "No library we serve with has a known weakness"


def judge() -> Row:
    command = [AUDIT / "pip-audit", "--strict", "--disable-pip", "--require-hashes", "-r", ROOT / "requirements.lock"]
    kept = ["--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    try:
        answer = subprocess.run([*command, *kept], capture_output=True, text=True, check=False, timeout=120)
        libraries = json.loads(answer.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError):
        return Row(PROMISE, "no source of advisories could be reached from here: nothing is known", NOT_JUDGED)
    skipped = [it["name"] for it in libraries if "skip_reason" in it]
    weak = [f"{it['name']} {it['version']}" for it in libraries if it.get("vulns")]
    if weak:
        return Row(PROMISE, f"{len(weak)} of {len(libraries)}: {', '.join(weak)}", BROKEN)
    if skipped:
        return Row(PROMISE, f"nothing is known of {len(skipped)} of {len(libraries)} libraries", NOT_JUDGED)
    return Row(PROMISE, f"0 of {len(libraries)} libraries", KEPT)
