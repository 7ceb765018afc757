"""A bench's voice: espeak-ng makes each phrase a file once, a site's own recordings go before it, a player plays it."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from edge.drivers.bench_ports import DeviceState, OnDevice
from edge.drivers.device_watch import PRESENT, DeviceWatch
from wire.phrases import PHRASES, phrase

Language = Literal["zh", "en"]
VOICES: Final[dict[Language, str]] = {"zh": "cmn", "en": "en"}  # as espeak-ng names them
SETTLE_S: Final = 0.15  # a phrase that is replaced sooner, such as "Checking the item", is not begun
SPEAK_S_MAX: Final = 10.0  # 40 characters take three seconds; a player that hangs is ended
FILES_MAX: Final = 500  # phrases × languages × speeds; older files go when there are more


@dataclass(frozen=True)
class VoiceSettings:
    """`rendered`: our own folder for files made by `program`; `recordings`: LANGUAGE/KEY.wav of the site, or None.

    `player` gets the file as its last word.
    """

    languages: tuple[Language, ...]
    rendered: Path
    recordings: Path | None = None
    words_per_minute: int = 160
    program: str = "espeak-ng"
    player: tuple[str, ...] = ("aplay", "-q")


class Speaker:
    """Implements bench_ports.Voice. What is missing is said once, and work goes on."""

    def __init__(self, settings: VoiceSettings, on_device: OnDevice) -> None:
        self._settings = settings
        self._watch = DeviceWatch("voice", on_device)
        self._newest: str | None = None
        self._news = asyncio.Event()
        self._speaking: asyncio.Task[None] | None = None
        self._worker: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Look whether it can speak at all."""
        missing = self._missing()
        self._watch.tell(missing or PRESENT)
        if self._worker is None:
            self._worker = asyncio.get_running_loop().create_task(self._work())

    def say(self, key: str) -> None:
        """See bench_ports.Voice."""
        self._newest = key
        self._news.set()
        if self._speaking is not None:
            self._speaking.cancel()

    async def aclose(self) -> None:
        """Fall silent. Twice is harmless."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.cancel()
            await asyncio.wait([worker])

    def _missing(self) -> DeviceState | None:
        for program in (self._settings.player[0], self._settings.program):
            if shutil.which(program) is None:
                return DeviceState("refused", f"{program} is not installed. Install it with apt")
        return None

    async def _work(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            key = self._newest
            if key is None:
                continue
            self._newest = None
            self._speaking = asyncio.create_task(self._speak(key))
            try:
                await asyncio.wait([self._speaking])
            finally:
                self._speaking.cancel()
                await asyncio.wait([self._speaking])

    async def _speak(self, key: str) -> None:
        await asyncio.sleep(SETTLE_S)
        for language in self._settings.languages:
            try:
                file = await self._file(key, language)
                await _run(*self._settings.player, str(file))
            except OSError as error:
                self._watch.tell(self._missing() or DeviceState("refused", str(error)))
                return
        self._watch.tell(PRESENT)

    async def _file(self, key: str, language: Language) -> Path:
        """The phrase as a WAV file: recorded, made before, or made now. Raises OSError."""
        settings = self._settings
        if settings.recordings is not None and key in PHRASES:
            recorded = settings.recordings / language / f"{key}.wav"
            if recorded.exists():
                return recorded
        said = phrase(key)
        text = said.zh if language == "zh" else said.en
        mark = hashlib.sha256(f"{settings.words_per_minute} {text}".encode()).hexdigest()[:16]
        file = settings.rendered / f"{language}-{mark}.wav"
        if not file.exists():
            self._make_room()
            half = file.with_suffix(".part")
            speed = str(settings.words_per_minute)
            await _run(settings.program, "-v", VOICES[language], "-s", speed, "-w", str(half), text)
            half.replace(file)
        return file

    def _make_room(self) -> None:
        folder = self._settings.rendered
        folder.mkdir(parents=True, exist_ok=True)
        files = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime)
        for file in files[: max(0, len(files) - FILES_MAX + 1)]:
            file.unlink(missing_ok=True)


async def _run(*argv: str) -> None:
    """Run a program to its end; end it when we are cancelled. Raises OSError, also for an exit code that is not 0."""
    nowhere = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*argv, stdin=nowhere, stdout=nowhere, stderr=nowhere)
    try:
        async with asyncio.timeout(SPEAK_S_MAX):
            code = await process.wait()
    except TimeoutError:
        raise OSError(f"{argv[0]} does not end") from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if code:
        raise OSError(f"{argv[0]} failed, exit code {code}")
