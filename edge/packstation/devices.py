"""The devices of one bench besides scanner and gate: made from the profile, started, watched, and let go together."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from edge.drivers.bench_ports import Buzzer, Camera, DeviceState, LabelPrinter, OnDevice, Scale, Voice
from edge.drivers.buzzer import LineBuzzer
from edge.drivers.camera import CameraSettings, CommandCamera
from edge.drivers.gpio_line import FileLine, GpioLine
from edge.drivers.label_desk import LabelDesk
from edge.drivers.printer_ipp import IppPrinter
from edge.drivers.printer_tcp import TcpPrinter
from edge.drivers.scale_hidraw import HidScale, HidSettings
from edge.drivers.scale_serial import DIALECTS, ScaleSettings, SerialScale
from edge.drivers.voice import Speaker, VoiceSettings
from edge.packstation.sounds import sound_of
from edge.profile_bench import BenchProfile, BuzzerProfile, CameraProfile, PrinterProfile, ScaleProfile, VoiceProfile
from wire.uplink import BenchDevice, BenchDeviceName

QUIET: DeviceState = DeviceState("absent", "starting")


class BenchDevices:
    """What stands at the bench; a device that the profile does not name is None. `on_change`: `live` is another now."""

    def __init__(self, profile: BenchProfile, state_dir: Path, on_change: Callable[[], None]) -> None:
        self._on_change = on_change
        self._states: dict[BenchDeviceName, DeviceState] = {}
        self._told: tuple[str, str] | None = None
        scale, printer, voice, buzzer = profile.scale, profile.printer, profile.voice, profile.buzzer
        self.scale: Scale | None = scale_of(scale, self._watch("scale")) if scale else None
        self.printer: LabelPrinter | None = printer_of(printer, self._watch("printer")) if printer else None
        self.voice: Voice | None = voice_of(voice, state_dir, self._watch("voice")) if voice else None
        self.buzzer: Buzzer | None = buzzer_of(buzzer, self._watch("buzzer")) if buzzer else None

        camera = profile.camera
        self.camera: Camera | None = camera_of(camera, self._watch("camera")) if camera else None

    @property
    def live(self) -> tuple[BenchDevice, ...]:
        """Each device as it is now."""
        return tuple(BenchDevice(name=name, state=at.state, why=at.why) for name, at in self._states.items())

    @property
    def present(self) -> frozenset[str]:
        """Those that are there now."""
        return frozenset(name for name, at in self._states.items() if at.state == "present")

    def start(self) -> None:
        """Open all, and keep reopening."""
        for device in (self.scale, self.printer, self.voice, self.buzzer, self.camera):
            if device is not None:
                device.start()

    async def aclose(self) -> None:
        """Let go of all. Twice is harmless."""
        self._told = None
        for device in (self.scale, self.printer, self.voice, self.buzzer, self.camera):
            if device is not None:
                await device.aclose()

    def tell(self, say: str, scan_id: str) -> None:
        """The bench shows the phrase `say`, after the scan `scan_id`: have it heard, once."""
        before, self._told = self._told, (say, scan_id)
        if before in (None, self._told):
            return
        if self.voice is not None:
            self.voice.say(say)
        sound = sound_of(say)
        if self.buzzer is not None and sound is not None:
            self.buzzer.sound(sound)

    def _watch(self, name: BenchDeviceName) -> OnDevice:
        self._states[name] = QUIET
        return partial(self._changed, name)

    def _changed(self, name: BenchDeviceName, state: DeviceState) -> None:
        self._states[name] = state
        self._on_change()


def scale_of(profile: ScaleProfile, on_device: OnDevice) -> Scale:
    """The scale that `profile` describes."""
    settle_s = profile.settle_ms / 1000
    if profile.kind == "hid":
        return HidScale(HidSettings(Path(profile.port), settle_s), on_device)
    dialect = DIALECTS[profile.kind]
    settings = ScaleSettings(profile.port, dialect, profile.baud, profile.parity, profile.unit, settle_s)
    return SerialScale(settings, on_device)


def printer_of(profile: PrinterProfile, on_device: OnDevice) -> LabelPrinter:
    """The label printer that `profile` describes."""
    print_s = profile.print_ms / 1000
    if profile.kind == "ipp":
        return LabelDesk(IppPrinter(profile.queue, print_s), profile.languages, on_device)
    way = TcpPrinter(profile.host, profile.tcp_port, profile.status, print_s)
    return LabelDesk(way, profile.languages, on_device)


def voice_of(profile: VoiceProfile, state_dir: Path, on_device: OnDevice) -> Voice:
    """The voice that `profile` describes."""
    recordings = Path(profile.recordings) if profile.recordings else None
    rendered = state_dir / "voice"
    settings = VoiceSettings(profile.languages, rendered, recordings, profile.words_per_minute, player=profile.player)
    return Speaker(settings, on_device)


def buzzer_of(profile: BuzzerProfile, on_device: OnDevice) -> Buzzer:
    """The buzzer that `profile` describes."""
    if profile.kind == "file":
        return LineBuzzer(FileLine(profile.path), on_device)
    return LineBuzzer(GpioLine(profile.chip, profile.line, active_low=profile.active_low), on_device)


def camera_of(profile: CameraProfile, on_device: OnDevice) -> Camera:
    """The camera that `profile` describes."""
    return CommandCamera(CameraSettings(profile.command, profile.photo_ms / 1000), on_device)
