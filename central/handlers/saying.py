"""What a reply says to a person, in English and 简体中文."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from wire.commands import Reply, Trouble

STATUS: Final[dict[str, tuple[str, str]]] = {
    "imported": ("still waiting for stock", "还在等库存"),
    "allocated": ("waiting for a wave", "在等波次"),
    "waved": ("released to the floor", "已下发"),
    "picking": ("being picked", "拣货中"),
    "picked": ("waiting for a bench", "已拣齐，等待打包"),
    "at_bench": ("at a bench", "正在打包"),
    "verified": ("at the gate", "已核对，在闸口"),
    "released": ("gone through the gate", "已放行"),
    "handed_over": ("handed over to the carrier", "已交运"),
    "exception": ("in exception", "异常中"),
    "cancelled": ("cancelled", "已取消"),
}


class Words(NamedTuple):
    """One sentence in both languages."""

    en: str
    zh: str

    def then(self, en: str, zh: str) -> Words:
        """Both sentences go on."""
        return Words(self.en + en, self.zh + zh)


def yes(key: str, done: int, words: Words, troubles: Sequence[Trouble] = ()) -> Reply:
    """It is done."""
    return Reply(key=key, ok=True, done=done, said=words.en, said_zh=words.zh, troubles=tuple(troubles))


def no(key: str, words: Words, troubles: Sequence[Trouble] = ()) -> Reply:
    """It is not done."""
    return Reply(key=key, ok=False, said=words.en, said_zh=words.zh, troubles=tuple(troubles))


def many(number: int, thing: str) -> str:
    """`1 order`, `2 orders`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def status_words(status: str) -> Words:
    """What an order is, for a person."""
    return Words(*STATUS.get(status, (status, status)))
