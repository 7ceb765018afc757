"""A voice that never blocks: the newest phrase wins, and a bench without espeak-ng works on."""

from __future__ import annotations

import array
import asyncio
import time
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from edge.drivers.bench_ports import DeviceState
from edge.drivers.voice import Language, Speaker, VoiceSettings
from tests.wire.real_broker import until
from wire.phrases import PHRASES

# Writes down which file it plays, and is as long about it as the file "hold" exists.
PLAYER = """#!/bin/bash
echo "$2" >> "$1/played"
while [ -e "$1/hold" ]; do sleep 0.02; done
echo "$2" >> "$1/ended"
"""


class Rig:
    def __init__(self, folder: Path, languages: tuple[Language, ...]) -> None:
        self.folder = folder
        player = folder / "player"
        player.write_text(PLAYER)
        player.chmod(0o755)
        self.settings = VoiceSettings(languages, folder / "rendered", player=(str(player), str(folder)))
        self.states: list[DeviceState] = []

    def lines(self, name: str) -> list[Path]:
        file = self.folder / name
        return [Path(line) for line in file.read_text().splitlines()] if file.exists() else []

    def hold(self) -> None:
        (self.folder / "hold").touch()

    def go_on(self) -> None:
        (self.folder / "hold").unlink()

    @asynccontextmanager
    async def speaker(self) -> AsyncIterator[Speaker]:
        speaker = Speaker(self.settings, self.states.append)
        speaker.start()
        yield speaker
        await speaker.aclose()
        await speaker.aclose()


def loudness(file: Path) -> int:
    """The loudest sample of a WAV file."""
    with wave.open(str(file)) as sound:
        assert sound.getsampwidth() == 2
        assert sound.getnframes() > 0.3 * sound.getframerate()
        return int(max(abs(sample) for sample in array.array("h", sound.readframes(sound.getnframes()))))


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_phrase_is_spoken_aloud_by_espeak(tmp_path: Path, language: Language) -> None:
    rig = Rig(tmp_path, (language,))
    async with rig.speaker() as speaker:
        assert rig.states == [DeviceState("present")]
        speaker.say("wrong_item")
        await until(lambda: rig.lines("ended"))

    (file,) = rig.lines("ended")
    assert loudness(file) > 3000


async def test_both_languages_are_spoken_in_turn_and_made_only_once(tmp_path: Path) -> None:
    rig = Rig(tmp_path, ("zh", "en"))
    async with rig.speaker() as speaker:
        for times in (2, 4):
            speaker.say("scan_label")
            await until(lambda times=times: len(rig.lines("ended")) == times)  # type: ignore[misc]

    first, second, *again = rig.lines("ended")
    assert again == [first, second]
    assert first.name.startswith("zh-")
    assert second.name.startswith("en-")
    assert len(list((tmp_path / "rendered").iterdir())) == 2


async def test_the_newest_phrase_cuts_off_an_older_one_and_those_between_are_dropped(tmp_path: Path) -> None:
    rig = Rig(tmp_path, ("en",))
    rig.hold()
    async with rig.speaker() as speaker:
        speaker.say("scan_items")
        await until(lambda: rig.lines("played"))
        began = time.monotonic()
        for key in ("checking_item", "next_item", "checking_item") * 200:
            speaker.say(key)
        speaker.say("wrong_item")
        assert time.monotonic() - began < 0.5  # nobody waits for the voice
        await until(lambda: len(rig.lines("played")) == 2)
        rig.go_on()
        await until(lambda: rig.lines("ended"))

    assert rig.lines("ended") == rig.lines("played")[1:]
    assert len(list((tmp_path / "rendered").iterdir())) == 2


async def test_a_recording_of_the_site_goes_before_espeak(tmp_path: Path) -> None:
    rig = Rig(tmp_path, ("en",))
    recorded = tmp_path / "own" / "en" / "send_it.wav"
    recorded.parent.mkdir(parents=True)
    recorded.touch()
    rig.settings = replace(rig.settings, recordings=tmp_path / "own")
    async with rig.speaker() as speaker:
        speaker.say("send_it")
        await until(lambda: rig.lines("ended"))
        speaker.say("../../secret")
        await until(lambda: len(rig.lines("ended")) == 2)

    assert rig.lines("ended")[0] == recorded
    assert rig.lines("ended")[1].parent == tmp_path / "rendered"


async def test_without_espeak_that_is_said_once_and_work_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rig = Rig(tmp_path, ("en",))
    rig.settings = replace(rig.settings, program="no-such-espeak")
    async with rig.speaker() as speaker:
        for key in list(PHRASES)[:5]:
            speaker.say(key)
            await asyncio.sleep(0)
        await until(lambda: rig.states)

    assert [state.state for state in rig.states] == ["refused"]
    assert "apt" in rig.states[0].why
    assert len([record for record in caplog.records if "device_missing" in record.message]) == 1


async def test_a_player_that_fails_is_told_and_comes_back(tmp_path: Path) -> None:
    rig = Rig(tmp_path, ("en",))
    player = tmp_path / "player"
    player.write_text("#!/bin/bash\nexit 1\n")
    async with rig.speaker() as speaker:
        speaker.say("send_it")
        await until(lambda: rig.states[-1].state == "refused")
        player.write_text(PLAYER)
        speaker.say("send_it")
        await until(lambda: rig.states[-1].state == "present")


async def test_closed_in_the_middle_of_a_phrase_nothing_is_left_running(tmp_path: Path) -> None:
    rig = Rig(tmp_path, ("en",))
    rig.hold()
    async with rig.speaker() as speaker:
        speaker.say("send_it")
        await until(lambda: rig.lines("played"))

    assert rig.lines("ended") == []  # that none is left is looked at after all tests
