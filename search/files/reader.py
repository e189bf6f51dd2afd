"""Reads one file in a process of its own, which its limits may kill: ``python -m search.files.reader``.

Arguments: path, extension, then the greatest number of pages, characters, seconds of processor and megabytes. Writes
one line of JSON for each page (label, text) as soon as it is read, then one that tells how it ended (problem, whether
the text was cut). Without Django.
"""

import json
import re
import resource
import sys
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from pathlib import Path

from .formats import pages_of
from .problems import FileProblem, FileRefusedError
from .texts import plain

MEGABYTE = 1024 * 1024
MAX_LABEL = 100
# Share of the memory allowed from which a failure is one of memory: parsers double what they hold in one piece, and
# fail well before the whole is taken.
ALMOST = 0.5
Tell = Callable[[list], None]


def confine(seconds: int, memory: int) -> None:
    """Limit this process, in seconds and bytes; what the system already limits more tightly is left so."""
    for limit, wanted in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(limit)[1]
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(limit, (value, hard))


def joined(pieces: Iterable[str], limit: int) -> str:
    """The text of a page, one character longer than the limit at most: enough to know that it was passed."""
    kept, size = [], 0
    for piece in pieces:
        if text := plain(piece):
            kept.append(text)
            size += len(text) + 1
        if size > limit + 1:
            break
    return " ".join(kept)[: limit + 1]


def is_out_of_memory(error: Exception) -> bool:
    """Whether a reading failed for lack of memory: parsers of XML then raise what they raise on a broken file."""
    if isinstance(error, MemoryError):
        return True
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:  # not on Linux
        return False
    peak = int(re.search(r"VmPeak:\s*(\d+) kB", status)[1]) * 1024
    return peak > ALMOST * resource.getrlimit(resource.RLIMIT_AS)[0]


def read_pages(pages, max_pages: int, max_characters: int, tell: Tell) -> tuple[str, bool]:
    """Tell the pages; give the problem, if there is one, and whether the text was cut.

    A page that can't be read leaves the others be.
    """
    left, found, is_damaged, is_cut = max_characters, False, False, False
    for number, (label, pieces) in enumerate(pages):
        if number == max_pages or left <= 0:
            is_cut = True
            break
        try:
            text = joined(pieces, left)
        except FileRefusedError:
            raise
        except Exception as error:
            if is_out_of_memory(error):
                raise
            text, is_damaged = "", True  # libraries raise anything on a bad page
        tell([plain(label)[:MAX_LABEL], text[:left]])
        is_cut = is_cut or len(text) > left
        left -= len(text)
        found = found or bool(text)
    if is_damaged:
        return FileProblem.UNREADABLE, is_cut
    return "" if found else FileProblem.EMPTY, is_cut


def read(path: Path, extension: str, limits: list[int], tell: Tell) -> tuple[str, bool]:
    """Tell the pages of a file; give the problem and whether the text was cut, whatever the file holds."""
    max_pages, max_characters, _, memory = limits
    try:
        return read_pages(pages_of(path, extension, memory * MEGABYTE), max_pages, max_characters, tell)
    except FileRefusedError as refusal:
        return refusal.problem, False
    except Exception as error:  # noqa: BLE001 - libraries raise anything on a bad file
        return (FileProblem.TOO_HEAVY, True) if is_out_of_memory(error) else (FileProblem.UNREADABLE, False)


def main(arguments: list[str]) -> None:
    """Read the file that the arguments name (see above)."""
    path, extension, *limits = arguments
    limits = [int(limit) for limit in limits]
    confine(limits[2], limits[3] * MEGABYTE)
    output = sys.stdout

    def tell(line: list) -> None:
        output.write(f"{json.dumps(line)}\n")
        output.flush()

    with redirect_stdout(sys.stderr):
        problem, is_cut = read(Path(path), extension, limits, tell)
    tell([problem, is_cut])


if __name__ == "__main__":
    main(sys.argv[1:])
