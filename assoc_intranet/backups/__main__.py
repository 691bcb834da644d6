"""The child process that writes a copy: what it does and imports weighs on no page that is being served.

Reads {"url", "uploads", "target"} on standard input; exits with the number of the system's error, or 1 and a reason.
"""

import json
import os
import sys
from pathlib import Path

from . import archive

# A page that is asked for goes before; where nobody asks, it takes what there is.
KINDNESS = 15

os.nice(KINDNESS)
asked = json.loads(sys.stdin.read())
try:
    archive.write(asked["url"], Path(asked["uploads"]), Path(asked["target"]))
except OSError as error:
    sys.stderr.write(f"{error.strerror or error}\n")
    sys.exit(error.errno or 1)
except Exception as error:  # noqa: BLE001 (whatever it is, the administrator is told)
    sys.stderr.write(f"{type(error).__name__}: {error}".partition("\n")[0])
    sys.exit(1)
