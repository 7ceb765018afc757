"""A site's own label patterns in a settings file. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Final

from msgspec import Meta

from wire.toml_check import Mistake

LABELS_MAX: Final = 32  # carriers and house labels of one site
Labels = Annotated[
    tuple[Annotated[str, Meta(min_length=1, max_length=100, description="a pattern in quotes")], ...],
    Meta(max_length=LABELS_MAX),
]
OPEN_ENDED_MAX: Final = 2  # a text of 256 characters then takes at most 256² steps
_REPEATED_GROUP: Final = re.compile(r"\)[*+{]")
_OPEN_ENDED: Final = re.compile(r"(?<!\\)[*+]|,\}")


def label_mistakes(path: str, patterns: object) -> Iterator[Mistake]:
    """Patterns that are none, or that could keep a node busy for ever over one text."""
    for index, pattern in enumerate(patterns if isinstance(patterns, list) else ()):
        if not isinstance(pattern, str):
            continue
        try:
            re.compile(pattern)
        except re.error as error:
            yield Mistake(f"{path}[{index}]", f"no pattern: {error}", 'Write it as "SF[0-9]{12}"')
            continue
        if _REPEATED_GROUP.search(pattern) or len(_OPEN_ENDED.findall(pattern)) > OPEN_ENDED_MAX:
            cure = f"Repeat no group, and use * or + at most {OPEN_ENDED_MAX} times; {{12}} is better"
            yield Mistake(f"{path}[{index}]", "could take too long over a text that nearly fits", cure)
