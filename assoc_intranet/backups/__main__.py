"""The child process that writes a copy: what it does and imports weighs on no page that is being served.

Reads {"url", "uploads", "target"} on standard input; exits with the number of the system's error, or 1 and a reason.
"""

import json
import os
import sys
from contextlib import suppress
from pathlib import Path

from . import archive

# A page that is asked for goes before; where nobody asks, it takes what there is.
KINDNESS = 15


def main() -> int:
    # Where the system does not let a process be kind, a copy is made all the same.
    with suppress(OSError):
        os.nice(KINDNESS)
    try:
        asked = json.loads(sys.stdin.read())
        archive.write(asked["url"], Path(asked["uploads"]), Path(asked["target"]))
    except OSError as error:
        sys.stderr.write(f"{error.strerror or error}\n")
        return error.errno or 1
    except archive.BadBackup as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    except Exception as error:  # noqa: BLE001 (whatever it is, the administrator is told)
        sys.stderr.write(f"{type(error).__name__}: {error}".partition("\n")[0])
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
