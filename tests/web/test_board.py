"""The board: parts with versions, rendered once a language."""

from __future__ import annotations

import json

from central.api.board import Board
from central.api.live import known_version
from central.web.render import make_renderer
from central.web.views import Counts


def test_a_version_of_another_start_means_nothing() -> None:
    board = Board(make_renderer())
    board.put("counts", Counts(waiting=1))
    board.commit()
    assert known_version(f"{board.nonce}-1", board) == 1
    for text in ("", "x-1", f"{board.nonce}-", f"{board.nonce}--1", f"{board.nonce}-1e3", "-" * 1_000):
        assert known_version(text, board) == 0


def test_what_stays_the_same_is_not_told_again() -> None:
    board = Board(make_renderer())
    board.put("faces:A", {})
    board.put("counts", Counts(waiting=1))
    board.commit()
    board.put("faces:A", {})
    board.put("counts", Counts(waiting=2))
    board.commit()
    assert board.version == 2
    assert set(json.loads(board.since(1, "en"))) == {"counts"}
    assert "To release" in board.html("counts", "en")
    assert "待下发" in board.html("counts", "zh")
