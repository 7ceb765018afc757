"""The one door to biip, without its tables of whose a prefix is: 14 MB and 0.2 s at start that no bench asks for.

biip reads them while it is imported and knows no switch: a module of the same name takes their place first. biip is
pinned exactly, and a test compares what it reads with the tables and without.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Final


class _NoPrefix:
    """Stands for each of biip's kinds of prefix: known to nobody."""

    @classmethod
    def extract(cls, _value: str) -> None:
        """No prefix is known."""


_NAME: Final = "biip.gs1_prefixes"
_without_tables = ModuleType(_NAME)
for _kind in ("GS1Prefix", "GS18Prefix", "GS1CompanyPrefix"):
    setattr(_without_tables, _kind, _NoPrefix)
sys.modules.setdefault(_NAME, _without_tables)

from biip import ParseConfig as ParseConfig  # noqa: E402 - after its tables were taken away
from biip import ParseError as ParseError  # noqa: E402
from biip import parse as parse  # noqa: E402
from biip.gs1_messages import GS1Message as GS1Message  # noqa: E402
