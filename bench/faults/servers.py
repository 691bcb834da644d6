"""The real server on a port of its own, shot and started again as often as asked."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30


class Server:
    """`app.py` with these settings. What it prints goes to a file outside of DATA_DIR, which may be full."""

    def __init__(self, folder: Path, database: str = "", **settings: str):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.log = folder.parent / f"server-{self.port}.log"
        ours = {"DATA_DIR": str(folder), "DATABASE_URL": database, "PORT": str(self.port)}
        self.environ = {**os.environ, **ours, **settings}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Seconds until its first 200."""
        began = time.monotonic()
        with self.log.open("ab") as log:
            command = [sys.executable, "app.py"]
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environ, stdout=log, stderr=log)
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() - began > PATIENCE:
                raise RuntimeError(f"The server did not start: {self.log.read_text()[-2000:]}")
            time.sleep(0.01)
        return time.monotonic() - began

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(PATIENCE)
            self.process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        self.kill()


def until(is_so: Callable[[], bool], seconds: float, since: float | None = None) -> float:
    """Seconds until it is so, counted from `since` or now; infinite when it was not after `seconds`."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > seconds:
            return float("inf")
        time.sleep(0.02)
    return time.monotonic() - (began if since is None else since)
