"""A disk that fails: the n-th write, sync, rename, opening or reading below a folder raises what the system would.

Failures come from where the system's own would come: a raw file under Python's buffers. So a write fails when a buffer
is emptied, or when a file is closed, with half of the bytes on the disk, whoever called it.
"""

from __future__ import annotations

import builtins
import contextlib
import errno
import io
import os
from itertools import count
from pathlib import Path
from unittest import mock

KINDS = {
    "make": errno.EDQUOT,  # a file to write, a folder, a link
    "write": errno.ENOSPC,
    "sync": errno.EIO,
    "rename": errno.EPERM,
    "open": errno.EACCES,  # a file to read
    "read": errno.EIO,
}
"""What can fail, and how."""
# A disk stays full; all else fails once.
_STAYS = {"write"}


class Disk:
    """A folder on it: inside ``with``, the n-th call of one kind fails below that folder.

    Parameters
    ----------
    folder : path
        Files elsewhere are left alone.
    kind : str
        One of KINDS.
    n : int
        From 1.
    """

    def __init__(self, folder, kind, n):
        self._folder = os.path.realpath(folder) + os.sep
        self._kind, self._n = kind, n
        self._patches = contextlib.ExitStack()
        self.calls = 0

    @property
    def failed(self):
        """Whether the call came that fails."""
        return self.calls >= self._n

    def call(self, kind, path):
        """Count a call, and raise when it is the one."""
        if kind != self._kind or not self.holds(path):
            return
        self.calls += 1
        if self.calls == self._n or (self.failed and kind in _STAYS):
            named = () if kind in ("write", "sync", "read") else (os.fspath(path),)
            raise OSError(KINDS[kind], os.strerror(KINDS[kind]), *named)

    def holds(self, path):
        """Whether a path, or an open file by its number, lies in the folder."""
        if isinstance(path, int):
            try:
                path = Path(f"/proc/self/fd/{path}").readlink()
            except OSError:
                return False
        return (os.path.abspath(os.fsdecode(path)) + os.sep).startswith(self._folder)  # noqa: PTH100 - links stay

    def __enter__(self):
        opened = _opened(self)
        for module, names in ((os, _calls(self)), (io, {"open": opened}), (builtins, {"open": opened})):
            self._patches.enter_context(mock.patch.multiple(module, **names))
        return self

    def __exit__(self, *error):
        self._patches.close()


def disks(folder, kind):
    """A Disk for n = 1, 2, ... until the n-th call does not come; at least one comes."""
    for n in count(1):
        disk = Disk(folder, kind, n)
        yield disk
        if not disk.failed:
            break
    assert n > 1, f"nothing of the kind {kind!r} was called"


def _calls(disk):
    """The functions of os that ask the disk first."""
    genuine = os.open

    def os_open(path, flags, *mode, **options):
        if flags & os.O_CREAT or not Path(os.fsdecode(path)).is_dir():
            disk.call("make" if flags & os.O_CREAT else "open", path)
        return genuine(path, flags, *mode, **options)

    def asking(function, kind):
        def called(first, *rest, **options):
            disk.call(kind, first)
            return function(first, *rest, **options)

        return called

    kinds = {"fsync": "sync", "replace": "rename", "rename": "rename", "mkdir": "make", "link": "make"}
    return {"open": os_open} | {name: asking(getattr(os, name), kind) for name, kind in kinds.items()}


def _opened(disk):
    """`open` whose raw files ask the disk before each call of the system."""
    genuine = io.open

    class Raw(io.FileIO):
        def write(self, data):
            try:
                disk.call("write", self.fileno())
            except OSError:
                super().write(memoryview(data).cast("B")[: len(data) // 2])
                raise
            return super().write(data)

        def readinto(self, buffer):
            disk.call("read", self.fileno())
            return super().readinto(buffer)

        def readall(self):
            disk.call("read", self.fileno())
            return super().readall()

        def read(self, size=-1):
            disk.call("read", self.fileno())
            return super().read(size)

    def opened(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
        if not disk.holds(file):
            return genuine(file, mode, buffering, encoding, errors, newline, closefd, opener)
        writes = not mode.startswith("r") or "+" in mode
        if not isinstance(file, int):
            disk.call("open" if mode.startswith("r") else "make", file)
        raw = Raw(file, mode.replace("b", "").replace("t", ""), closefd, opener)
        if buffering == 0:
            return raw
        buffered = io.BufferedRandom if "+" in mode else io.BufferedWriter if writes else io.BufferedReader
        binary = buffered(raw)
        return binary if "b" in mode else io.TextIOWrapper(binary, encoding, errors, newline)

    return opened
