"""Does the steps of a plan, one after the other; what was done stays done, so that repeating goes on from there."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import assert_never

from cli.installing.code import copy_environment
from cli.installing.steps import CopyCode, LinkCode, MakeFolder, PutFile, Remove, Run, Step
from cli.target import Failed
from wire.disk import plainly

RUN_S_MAX = 300


def do(step: Step, root: str) -> None:
    """Do `step` under `root` ("" is this machine). Raises Failed with what to do."""
    try:
        _do(step, root)
    except subprocess.CalledProcessError as error:
        said = (error.stderr or b"").decode(errors="replace").strip().splitlines()
        why = said[-1] if said else f"exit code {error.returncode}"
        raise Failed(f"{step}: {why}. Mend that and repeat: what is done is not done again") from error
    except subprocess.TimeoutExpired as error:
        raise Failed(f"{step}: no end after {RUN_S_MAX} s. Look why, then repeat") from error
    except OSError as error:
        raise Failed(f"{step}: {plainly(error)}. Mend that and repeat: what is done is not done again") from error


def _do(step: Step, root: str) -> None:
    match step:
        case MakeFolder(target, mode):
            Path(root + target).mkdir(parents=True, exist_ok=True)
            Path(root + target).chmod(mode)
        case PutFile(target, content):
            _put(Path(root + target), content)
        case CopyCode(target, python):
            copy_environment(Path(root + target), python)
        case LinkCode(target, environment):
            _link(Path(root + target), environment)
        case Run(argv, may_fail):
            subprocess.run(argv, check=not may_fail, capture_output=True, timeout=RUN_S_MAX)
        case Remove(target):
            path = Path(root + target)
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        case _:
            assert_never(step)


def _put(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.chmod(0o644)
    fresh.replace(target)


def _link(target: Path, environment: str) -> None:
    if target.is_symlink():
        target.unlink()
    elif target.exists():
        shutil.rmtree(target)
    target.symlink_to(environment)
