"""Which site is meant, and how to ask it: its HTTP API with its access key."""

from __future__ import annotations

import argparse
import os
import secrets
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from central.settings import load_settings
from wire.toml_check import TomlWrong

ANSWER_WAIT_S_MAX: Final = 120.0  # an import of 100,000 lines is one transaction
ANSWER_BYTES_MAX: Final = 64 * 1024 * 1024
KEY_BYTES_MAX: Final = 4_096


class Misused(Exception):
    """Wrong arguments or files of ours: exit code 2."""


class Failed(Exception):
    """The site did not do it: exit code 1."""


@dataclass(frozen=True)
class Target:
    """A site's API."""

    url: str
    key: str

    def get(self, path: str) -> Any:
        """The answer's JSON. Raises Failed."""
        return self._ask(urllib.request.Request(self.url + path))

    def post(self, path: str, body: bytes, content_type: str = "application/json") -> dict[str, Any]:
        """The reply as {ok, done, said, troubles}, also when it is a refusal. Raises Failed where there is none."""
        headers = {"Content-Type": content_type, "Idempotency-Key": f"cli-{secrets.token_hex(12)}"}
        answer = self._ask(urllib.request.Request(self.url + path, data=body, headers=headers, method="POST"))
        if not isinstance(answer, dict) or "ok" not in answer:
            raise Failed(f"{self.url}: an answer that is not picklight's. Check the address")
        return answer

    def _ask(self, request: urllib.request.Request) -> Any:
        request.add_header("Authorization", f"Bearer {self.key}")
        request.add_header("Accept", "application/json")
        request.add_header("User-Agent", "picklight")  # the record keeps that it was asked on the command line
        try:
            with _opener().open(request, timeout=ANSWER_WAIT_S_MAX) as response:
                return msgspec.json.decode(response.read(ANSWER_BYTES_MAX))
        except urllib.error.HTTPError as error:
            with error:
                return self._refusal(error)
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise Failed(f"{self.url}: no answer ({reason}). Start it with: picklight central --site FILE") from error

    def _refusal(self, error: urllib.error.HTTPError) -> Any:
        try:
            answer = msgspec.json.decode(error.read(ANSWER_BYTES_MAX))
        except (msgspec.MsgspecError, OSError, UnicodeDecodeError):
            answer = {}
        if isinstance(answer, dict) and "troubles" in answer:
            return answer
        words = [str(answer.get(part, "")) for part in ("who", "what", "cure")] if isinstance(answer, dict) else []
        if any(words):
            raise Failed(printable(f"{words[0]}: {words[1]}. {words[2]}"))
        raise Failed(f"{self.url}: HTTP {error.code}. Check the address and the key")


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
        return Target(args.url.rstrip("/"), _key(args.key_file))
    site = args.site or (Path(os.environ["PICKLIGHT_SITE"]) if os.environ.get("PICKLIGHT_SITE") else None)
    if site is None:
        raise Misused("Which site? Give --site FILE, or --url URL and --key-file F, or set PICKLIGHT_SITE")
    try:
        settings = load_settings(site)
    except TomlWrong as wrong:
        raise Misused(str(wrong)) from wrong
    return Target(_url(settings.state_dir / "web.json"), _key(settings.access_key_file))


def said_of(reply: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> str:
    """The reply's sentence in the language of the terminal (LC_ALL, LC_MESSAGES, LANG)."""
    chosen = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    said = (reply.get("said_zh") if chosen.lower().startswith("zh") else "") or reply.get("said", "")
    return printable(str(said))


def printable(text: str) -> str:
    """Text from elsewhere as a terminal may show it."""
    return "".join(mark if mark.isprintable() else "?" for mark in text)


def _opener() -> urllib.request.OpenerDirector:
    """HTTP and HTTPS only: no proxy and no redirect, which would hand the key to somebody else."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


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
