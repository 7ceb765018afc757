"""Our own code: which it is, and a copy of it with everything it needs, without a network."""

from __future__ import annotations

import hashlib
import importlib.metadata
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

CHECKOUT: Final = Path(__file__).resolve().parents[2]
OURS: Final = ("wire", "edge", "central", "cli", "sim", "firmware_configs")
LOCK: Final = "requirements.lock"
VERSION: Final = re.compile(r'^version = "([0-9.]+)"', re.MULTILINE)
NOT_OURS: Final = shutil.ignore_patterns("__pycache__", "*.pyc")


def code_now(checkout: Path = CHECKOUT) -> str:
    """Version and fingerprint of the code of `checkout`. Raises OSError."""
    found = VERSION.search((checkout / "pyproject.toml").read_text(encoding="utf-8"))
    digest = hashlib.sha256((checkout / LOCK).read_bytes())
    for file in _files(checkout):
        digest.update(f"{file.relative_to(checkout)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return f"{found[1] if found else '0'} {digest.hexdigest()[:16]}"


def service_python(asked: str) -> tuple[str, str]:
    """A Python of our own version that services can reach, or "" and what to do."""
    name = f"python3.{sys.version_info[1]}"
    candidates = [asked] if asked else [f"{sys.base_prefix}/bin/{name}", f"/usr/bin/{name}"]
    faults = [fault for path in candidates if (fault := why_unreachable(Path(path)))]
    good = [path for path in candidates if not why_unreachable(Path(path))]
    if not good:
        return "", f"{'; '.join(faults)}. Install {name} from Debian, or name another with --python"
    ask = (good[0], "-c", "import sys; print(sys.version_info[1])")
    said = subprocess.run(ask, capture_output=True, text=True, check=False)
    if said.stdout.strip() != str(sys.version_info[1]):
        return "", f"{good[0]} is not {name}, for which the packages here were made. Name {name} with --python"
    return good[0], ""


def why_unreachable(path: Path) -> str:
    """Why the users of services cannot use `path`; "" if they can."""
    real = path.resolve()
    if not real.exists():
        return f"{path} is not there"
    if real.parts[1:2] in (("home",), ("root",), ("tmp",)) or real.parts[1:3] == ("var", "tmp"):
        return f"{real} lies where services do not see it"
    closed = [one for one in (real, *real.parents) if not one.stat().st_mode & 0o001 and (one.is_dir() or one == real)]
    return f"{closed[-1]} is closed to other users" if closed else ""


def copy_environment(target: Path, python: str, checkout: Path = CHECKOUT) -> None:
    """Make `target` anew: an environment for `python` with our packages. The old one stays until the new one runs.

    Raises OSError, subprocess.CalledProcessError.
    """
    fresh, old = target.with_name("venv.new"), target.with_name("venv.old")
    for left in (fresh, old):
        shutil.rmtree(left, ignore_errors=True)
    subprocess.run((python, "-m", "venv", "--without-pip", str(fresh)), check=True, capture_output=True)
    packages = next((fresh / "lib").glob("python3.*")) / "site-packages"
    for file, name in _needed(checkout / LOCK):
        place = packages / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, place)
    for name in OURS:
        shutil.copytree(checkout / name, packages / name, ignore=NOT_OURS)
    _open_to_all(fresh)
    subprocess.run(
        (str(fresh / "bin" / "python"), "-m", "compileall", "-q", *(str(packages / name) for name in OURS)),
        check=True,
        capture_output=True,
    )
    subprocess.run(
        (str(fresh / "bin" / "python"), "-m", "cli.main", "--help"), check=True, capture_output=True, cwd="/"
    )
    if target.is_symlink():
        target.unlink()
    elif target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _needed(lock: Path) -> Iterator[tuple[Path, str]]:
    """Every file of every package of the lock that is installed here, and its place among the packages."""
    for name in re.findall(r"^([A-Za-z0-9_.-]+)==", lock.read_text(encoding="utf-8"), flags=re.MULTILINE):
        try:
            found = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # for another system or Python; whether something is missing shows when the copy is started
        for file in found.files or ():
            if not str(file).startswith(".."):
                yield Path(str(found.locate_file(file))), str(file)


def _files(checkout: Path) -> Iterator[Path]:
    for name in OURS:
        for file in sorted((checkout / name).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                yield file


def _open_to_all(folder: Path) -> None:
    """Whatever the umask of whoever installs is: services may read it."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
