"""What `picklight floor run` tells people: how far it is, what it came to, and which orders wait for a decision."""

from __future__ import annotations

import argparse

import pytest

from sim.floor.main import add_parsers
from sim.floor.report import ORDERS_NAMED_MAX, Report, in_words
from sim.floor.run import progress


def report(**changed: object) -> Report:
    numbers: dict[str, object] = {
        "orders_total": 30,
        "orders_handed_over": 28,
        "orders_in_exception": 2,
        "wrong_released": 0,
        "mistakes_injected": 2,
        "mistakes_caught": 2,
        "mistakes_by_kind": {"wrong_item": 2},
        "lines_per_hour": 100.0,
        "seconds_per_order": 1.0,
        "lost_events": 0,
        "doubled_events": 0,
        "peak_rss_mb": 50.0,
    }
    return Report(**(numbers | changed))  # type: ignore[arg-type]


def test_progress_says_where_the_orders_are() -> None:
    line = progress({"handed_over": 3, "exception": 1, "waved": 2, "picking": 1, "picked": 4}, 12, 7.2)
    assert line.strip() == "7 s: 4 of 12 orders have ended, 1 in exception, 3 at the lights, 4 at the benches"


def test_the_report_names_the_orders_that_wait_for_a_decision_in_plain_words() -> None:
    said = in_words(
        report(
            exceptions_by_reason={"missing_item": 1, "wrong_item": 1},
            open_tickets={"P7": "missing_item", "P3": "wrong_item"},
        )
    )

    assert "2 (1 missing item, 1 wrong item)" in said
    assert "missing item: order P7" in said
    assert "wrong item: order P3" in said
    assert "_" not in said


def test_of_many_orders_only_the_first_are_named() -> None:
    tickets = {f"P{number:03d}": "wrong_item" for number in range(ORDERS_NAMED_MAX + 5)}
    assert in_words(report(open_tickets=tickets)).count("P0") == ORDERS_NAMED_MAX
    assert "and 5 more" in in_words(report(open_tickets=tickets))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--speed", "fast"], "'fast': give a number above 0"),
        (["--speed", "-1"], "'-1': give a number above 0"),
        (["--speed", "nan"], "'nan': give a number above 0"),
        (["--people", "1.5"], "'1.5': give a whole number, 2 to 52"),
        (["--people", "99"], "'99': give a whole number, 2 to 52"),
        (["--mistakes", "often"], "'often': give a number from 0 to 1"),
        (["--limit-orders", "-4"], "'-4': give a whole number, 0 or more"),
    ],
)
def test_a_wrong_option_says_what_to_give(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_parsers(parser.add_subparsers())
    with pytest.raises(SystemExit):
        parser.parse_args(["floor", "run", *words])
    assert said in capsys.readouterr().err
