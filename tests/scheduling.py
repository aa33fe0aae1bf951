"""Which tests must share a test process.

xdist's own groups are marks it writes into a test's name, which pytest 9.2 no longer lets it do:
the marks were silently ignored, and two served offices with two browsers ran at once. Here the
file's name decides: a file stays together, every browser test shares one office, and the drills
that kill processes never run beside one another.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from xdist.scheduler import LoadScopeScheduling


class ByFile(LoadScopeScheduling):
    """A file's tests run in one process, in order; so do all files of a kind below."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        name = PurePosixPath(file).name
        if name.startswith("test_browser_"):
            return "browser"
        return "kill" if name.endswith("_a_kill.py") else file
