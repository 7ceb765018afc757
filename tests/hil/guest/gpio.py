"""Simulated GPIO chips (gpio-sim): what a line carries, seen from the kernel's side, and what an input sees."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Self

from tests.hil.guest.ports import read, write

CONFIG: Final = Path("/sys/kernel/config/gpio-sim")


class GpioSim:
    """One chip. `value(n)` is what line n carries; `pull(n, level)` drives an input."""

    def __init__(self, label: str = "pinctrl-bcm2711") -> None:
        self.config = CONFIG / label
        chip = read(self.config / "bank0/chip_name")
        self.number = int(chip.removeprefix("gpiochip"))  # of /dev/gpiochipN
        self.lines = Path("/sys/devices/platform") / read(self.config / "dev_name") / chip

    @classmethod
    def create(cls, label: str, lines: int) -> Self:
        """Plug a chip in, its lines named GPIO0 and so on."""
        config = CONFIG / label
        (config / "bank0").mkdir(parents=True)
        write(config / "bank0/label", label)
        write(config / "bank0/num_lines", lines)
        for number in range(lines):
            (config / f"bank0/line{number}").mkdir()
            write(config / f"bank0/line{number}/name", f"GPIO{number}")
        write(config / "live", 1)
        return cls(label)

    def remove(self) -> None:
        """Unplug the chip."""
        write(self.config / "live", 0)
        for line in self.config.glob("bank0/line*"):
            line.rmdir()
        (self.config / "bank0").rmdir()
        self.config.rmdir()

    def value(self, line: int) -> int:
        """What the line carries now: 0 or 1."""
        return int(read(self.lines / f"sim_gpio{line}/value"))

    def pull(self, line: int, level: int) -> None:
        """Drive an input high or low, as a resistor does: whoever drives the line wins."""
        write(self.lines / f"sim_gpio{line}/pull", "pull-up" if level else "pull-down")
