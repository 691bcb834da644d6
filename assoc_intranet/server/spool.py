"""A body on its way in: in memory, beyond that in a temporary file, and known to be lost where the disk is full."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Self


class Spool:
    def __init__(self, in_memory: int):
        self._file = tempfile.SpooledTemporaryFile(in_memory)  # noqa: SIM115 (closed by __exit__)
        self.is_lost = False

    def write(self, piece: bytes) -> None:
        if not self.is_lost:
            with self._perhaps_lost():
                self._file.write(piece)

    def rewind(self) -> None:
        """To the beginning; what was still on its way to the disk arrives there, or is lost."""
        with self._perhaps_lost():
            self._file.seek(0)

    def read(self, most: int) -> bytes:
        return b"" if self.is_lost else self._file.read(most)

    @contextmanager
    def _perhaps_lost(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            self.is_lost = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        with suppress(OSError):
            self._file.close()
