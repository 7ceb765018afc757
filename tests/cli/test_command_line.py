"""The command line says what is wrong with its arguments, and never shows the key to a stranger."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar, get_args

import pytest

from cli.main import STEPS, main
from cli.target import said_of
from tests.central.small_site import site_file, small_site
from wire.commands import Resolving


class Stranger(BaseHTTPRequestHandler):
    """Somebody else's server at the address."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        """Answer with something that is not picklight's, or point elsewhere."""
        self.asked.append(self.path)
        moved = self.path.startswith("/moved")
        self.send_response(302 if moved else 200)
        if moved:
            self.send_header("Location", "/stolen")
        body = b"<html>hello" if self.path.startswith("/html") else b'{"a":"\\u001b[31m"}'
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """The same."""
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def stranger() -> Iterator[str]:
    """A server that is not picklight; its address."""
    Stranger.asked.clear()
    server = HTTPServer(("127.0.0.1", 0), Stranger)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """A file with a key."""
    file = tmp_path / "key"
    file.write_text("secret-key\n")
    return file


def complaint(capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    """What was said on stderr."""
    main([str(word) for word in words])
    return capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["fly"],
        ["orders"],
        ["orders", "import"],
        ["wave", "plan", "--orders", "0"],
        ["wave", "plan", "--orders", "²"],
        ["tickets", "resolve", "T1"],
        ["locations", "count", "A-1"],
        ["locations", "count", "A-1", "1.5"],
        ["locations", "count", "A-1", "100000"],
        ["tickets", "resolve", "T1", "--action", "forget"],
    ],
)
def test_wrong_words_end_with_code_2_and_the_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(words)
    assert "usage: picklight" in capsys.readouterr().err


def test_the_site_must_be_named_once(tmp_path: Path, key_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        ["--url", "http://127.0.0.1:1"],
        ["--key-file", str(key_file)],
        ["--url", "ftp://x", "--key-file", str(key_file)],
        ["--site", str(tmp_path / "none.toml")],
        ["--site", str(site_file(tmp_path))],
    ):
        assert main(["tickets", "list", *words]) == 2
    said = capsys.readouterr().err
    for part in ("--url URL and --key-file F", "no address", "No such file", "Has this site been started?"):
        assert part in said


def test_a_wrong_site_file_is_explained_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "site.toml"
    file.write_text('[site]\nnmae="x"\n')
    assert main(["tickets", "list", "--site", str(file)]) == 2
    said = capsys.readouterr().err
    assert "site.nmae: no such key. Did you mean 'name'?" in said
    assert "site.state_dir: missing" in said


def test_files_that_cannot_be_sent_are_named(
    tmp_path: Path, key_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--url", "http://127.0.0.1:1", "--key-file", key_file)
    text = tmp_path / "orders.txt"
    text.write_text("x")
    assert "neither .csv nor .json" in complaint(capsys, "orders", "import", text, *where)
    assert "cannot be read (No such file" in complaint(capsys, "orders", "import", tmp_path / "no.csv", *where)
    big = tmp_path / "big.csv"
    with big.open("wb") as file:
        file.truncate(8 * 1024 * 1024 + 1)
    assert "larger than" in complaint(capsys, "orders", "import", big, *where)


def test_a_site_that_does_not_run_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = small_site(tmp_path)
    (settings.state_dir / "web.json").write_text('{"url":"http://127.0.0.1:9"}')
    assert main(["tickets", "list", "--site", str(tmp_path / "site.toml")]) == 1
    assert "no answer" in capsys.readouterr().err


@pytest.mark.parametrize("path", ["/html", "/json", "/moved"])
def test_a_stranger_gets_no_second_question(
    stranger: str, key_file: Path, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tickets", "list", "--url", stranger + path, "--key-file", str(key_file)]) == 1
    assert main(["wave", "plan", "--url", stranger + path, "--key-file", str(key_file)]) == 1
    assert [asked.partition("/api")[0] for asked in Stranger.asked] == [path, path]
    said = capsys.readouterr().err
    assert "secret-key" not in said
    assert "\x1b" not in said


def test_the_command_loads_nothing_heavy() -> None:
    words = (sys.executable, "-X", "importtime", "-m", "cli.main", "--help")
    loaded = subprocess.run(words, capture_output=True, check=True).stderr.decode()
    assert " cli.target\n" in loaded
    for heavy in ("sqlalchemy", "fastapi", "asyncio.base_events", "paho", "pymodbus", "cryptography"):
        assert f" {heavy}\n" not in loaded


@pytest.mark.parametrize(("lang", "said"), [("zh_CN.UTF-8", "已关闭"), ("en_GB.UTF-8", "closed"), ("C", "closed")])
def test_a_reply_is_said_in_the_language_of_the_terminal(lang: str, said: str) -> None:
    assert said_of({"said": "closed", "said_zh": "已关闭"}, {"LANG": lang}) == said
    assert said_of({"said": "closed", "said_zh": ""}, {"LC_ALL": lang, "LANG": "C"}) == "closed"


def test_the_command_offers_every_step_of_resolving_a_ticket() -> None:
    assert get_args(Resolving) == STEPS
