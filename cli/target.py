"""Which site is meant, and how to ask it: its HTTP API with its access key."""

from __future__ import annotations

import argparse
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from central.settings import load_settings
from wire.site_http import SiteAnswer, SiteHttp
from wire.toml_check import TomlWrong

KEY_BYTES_MAX: Final = 4_096
HEADERS: Final = {"Accept": "application/json", "User-Agent": "picklight"}  # the record keeps who asked


class Misused(Exception):
    """Wrong arguments or files of ours: exit code 2."""


class Failed(Exception):
    """The site did not do it: exit code 1."""


@dataclass(frozen=True)
class Target:
    """A site's API."""

    site: SiteHttp

    def get(self, path: str) -> Any:
        """The answer's JSON. Raises Failed."""
        return self._heard(lambda: self.site.get(path, HEADERS))

    def post(self, path: str, body: bytes, content_type: str = "application/json") -> dict[str, Any]:
        """The reply as {ok, done, said, troubles}, also when it is a refusal. Raises Failed where there is none."""
        headers = {**HEADERS, "Content-Type": content_type, "Idempotency-Key": f"cli-{secrets.token_hex(12)}"}
        answer = self._heard(lambda: self.site.post(path, body, headers))
        if not isinstance(answer, dict) or "ok" not in answer:
            raise Failed(f"{self.site.url}: an answer that is not picklight's. Check the address")
        return answer

    def _heard(self, ask: Callable[[], SiteAnswer]) -> Any:
        url = self.site.url
        try:
            answer = ask()
            return msgspec.json.decode(answer.body) if answer.ok else self._refusal(answer)
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise Failed(f"{url}: no answer ({reason}). Start it with: picklight central --site FILE") from error

    def _refusal(self, refused: SiteAnswer) -> Any:
        try:
            answer = msgspec.json.decode(refused.body)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            answer = {}
        if isinstance(answer, dict) and "troubles" in answer:
            return answer
        words = [str(answer.get(part, "")) for part in ("who", "what", "cure")] if isinstance(answer, dict) else []
        if any(words):
            raise Failed(printable(f"{words[0]}: {words[1]}. {words[2]}"))
        raise Failed(f"{self.site.url}: HTTP {refused.status}. Check the address and the key")


def add_target(parser: argparse.ArgumentParser) -> None:
    """The options that name a site."""
    where = parser.add_argument_group("which site")
    where.add_argument("--site", metavar="FILE", type=Path, help="its site file, on this machine (or PICKLIGHT_SITE)")
    where.add_argument("--url", metavar="URL", help="its page's address, with --key-file")
    where.add_argument("--key-file", metavar="FILE", type=Path, help="a file with its access key")


def find_target(args: argparse.Namespace) -> Target:
    """The site that the options name. Raises Misused."""
    if args.url or args.key_file:
        if args.site or not (args.url and args.key_file):
            raise Misused("Give either --site FILE, or both --url URL and --key-file F")
        if not args.url.startswith(("http://", "https://")):
            raise Misused(f"--url {args.url}: no address. Write it like http://127.0.0.1:8080")
        return Target(SiteHttp(args.url.rstrip("/"), _key(args.key_file)))
    site = args.site or (Path(os.environ["PICKLIGHT_SITE"]) if os.environ.get("PICKLIGHT_SITE") else None)
    if site is None:
        raise Misused("Which site? Give --site FILE, or --url URL and --key-file F, or set PICKLIGHT_SITE")
    try:
        settings = load_settings(site)
    except TomlWrong as wrong:
        raise Misused(str(wrong)) from wrong
    return Target(SiteHttp(_url(settings.state_dir / "web.json"), _key(settings.access_key_file)))


def said_of(reply: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> str:
    """The reply's sentence in the language of the terminal (LC_ALL, LC_MESSAGES, LANG)."""
    chosen = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    said = (reply.get("said_zh") if chosen.lower().startswith("zh") else "") or reply.get("said", "")
    return printable(str(said))


def printable(text: str) -> str:
    """Text from elsewhere as a terminal may show it."""
    return "".join(mark if mark.isprintable() else "?" for mark in text)


def _url(file: Path) -> str:
    try:
        found = msgspec.json.decode(file.read_bytes())
        url = str(found["url"])
    except (OSError, msgspec.MsgspecError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise Misused(f"{file}: cannot be read. Has this site been started? picklight central --site FILE") from error
    return url.rstrip("/")


def _key(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            key = opened.read(KEY_BYTES_MAX).decode("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a key"
        raise Misused(f"{file}: no access key can be read there ({reason}). Check who may read it") from error
    if not key or not key.isprintable():
        raise Misused(f"{file}: no access key in it. Take state_dir/access.key")
    return key
