"""Without its tables of prefixes biip reads the same numbers out of the same barcodes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

TEXTS = [
    "]C1010950110153000310AB\x1d2112",
    "]d20104012345678901" + "17261231" + "10LOT-7\x1d21S1",
    "]C100340123450000000017",
    "00340123450000000017",
    "]Q3010950110153000330" + "12\x1d400ORDER",
    "]e00109501101530003",
    "]C19999",
    "]C101095011015300",
    "]C10120012345000018310300125",  # a number of a shop's own
    "]C10102345678901231",
]
READ = """
import json, sys
{before}
import biip
def read(text):
    try:
        message = biip.parse(text, config=biip.ParseConfig(separator_chars=["\\x1d"])).gs1_message
    except biip.ParseError:
        return "refused"
    return message and [(one.ai.ai, one.value) for one in message.element_strings]
print(json.dumps([read(text) for text in json.load(sys.stdin)]))
"""


def read_by(before: str) -> list[object]:
    """What biip reads in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", READ.format(before=before)],
        input=json.dumps(TEXTS),
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    found: list[object] = json.loads(done.stdout)
    return found


def test_what_is_read_is_the_same_with_the_tables_and_without() -> None:
    with_tables = read_by("")
    assert read_by("import edge.packstation.gs1") == with_tables
    assert sum(isinstance(found, list) for found in with_tables) >= 6


@pytest.mark.parametrize("heavy", ["cryptography", "fastapi", "gpiozero", "sqlalchemy"])
def test_a_node_does_not_load_what_it_never_asks(heavy: str) -> None:
    loaded = "import edge.__main__, sys; print('\\n'.join(sys.modules)); import biip.gs1_prefixes as tables"
    check = f"{loaded}; assert not hasattr(tables, '_GS1_COMPANY_PREFIX_TRIE')"
    done = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3]
    )
    assert heavy not in done.stdout.split()
