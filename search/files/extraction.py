"""The text of a file, read in another process within limits: nothing that a file holds stops or fills this one."""

import json
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from django.conf import settings

from .formats import READERS
from .problems import FileProblem

EXTENSIONS = frozenset(READERS)
# The second is what a system short of memory sends.
STOPPED_BY = {signal.SIGXCPU: FileProblem.TOO_LONG, signal.SIGKILL: FileProblem.TOO_HEAVY}


@dataclass(frozen=True)
class Limits:
    """What the reading of one file may take; ``seconds`` are those of the clock."""

    pages: int
    characters: int
    seconds: int
    memory_mb: int

    @classmethod
    def from_settings(cls) -> Self:
        """Those of this site."""
        return cls(
            pages=settings.SEARCH_FILE_MAX_PAGES,
            characters=settings.SEARCH_FILE_MAX_CHARACTERS,
            seconds=settings.SEARCH_FILE_MAX_SECONDS,
            memory_mb=settings.SEARCH_FILE_MAX_MEMORY_MB,
        )


@dataclass(frozen=True)
class Extraction:
    """What was read: the text and the label of each page, why the rest was not, whether the text was cut.

    ``problem`` is a FileProblem (its ``label`` is the French reason), or an empty string; pages read before are kept.
    """

    pages: list[str]
    labels: list[str]
    problem: str
    truncated: bool


def extract(path: Path, extension: str, limits: Limits) -> Extraction:
    """Read a file as its extension says (lower case, without dot): one of EXTENSIONS. Bad files raise nothing."""
    if extension not in EXTENSIONS:
        return Extraction([], [], FileProblem.UNREADABLE, False)
    amounts = (limits.pages, limits.characters, limits.seconds, limits.memory_mb)
    try:
        done = subprocess.run(  # noqa: S603 - our own module, told where a file is
            [sys.executable, "-m", "search.files.reader", str(path), extension, *map(str, amounts)],
            cwd=settings.BASE_DIR,
            env={"PYTHONUTF8": "1"},  # no secret goes with it
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        return _told(late.output or b"", FileProblem.TOO_LONG)
    return _told(done.stdout, STOPPED_BY.get(-done.returncode, FileProblem.UNREADABLE))


def _told(output: bytes, unfinished: FileProblem) -> Extraction:
    """What the lines of the reader say; ``unfinished`` is the problem when it was stopped before the last."""
    lines = [json.loads(line) for line in output[: output.rfind(b"\n") + 1].splitlines()]
    if lines and isinstance(lines[-1][1], bool):
        problem, truncated = lines.pop()
    else:
        problem, truncated = unfinished, True
    return Extraction(
        pages=[text for _, text in lines],
        labels=[label for label, _ in lines],
        problem=FileProblem(problem) if problem else "",
        truncated=truncated,
    )
