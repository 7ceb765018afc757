"""What no text file of the project may hold: addresses of package registries, and paths of somebody's machine."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.measure import Breach

# Put together from halves, so that this file does not break its own rule.
_REGISTRIES = ("pypi" + ".org", "python" + "hosted.org", "npmjs" + ".org", "registry.yarn" + "pkg", "crates" + ".io")
_HOMES = ("/ro" + "ot/", "/Use" + "rs/", "/wo" + "rk/")
_RULES = (
    (
        re.compile("|".join(map(re.escape, _REGISTRIES)), re.IGNORECASE),
        "names a package registry",
        "Leave the choice of registry to the machine's own configuration",
    ),
    (
        re.compile("|".join(rf"(?<![\w.]){re.escape(home)}" for home in _HOMES)),
        "names a place on somebody's machine",
        "Write it relative to the project, or as a setting",
    ),
)


def forbidden(path: str, text: str) -> Iterator[Breach]:
    """Every line of `text` that holds what it may not."""
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, what, cure in _RULES:
            if pattern.search(line):
                yield Breach(path, number, what, cure)
