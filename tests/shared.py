"""What the processes of one run of the tests prepare once for all of them."""

import fcntl
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_folders: list[Path] = []  # none where one process runs everything


def share_in(folder: Path) -> None:
    """From now on, leave in this folder what other processes may take from it."""
    folder.mkdir(exist_ok=True)
    _folders[:] = [folder]


@contextmanager
def prepared(name: str) -> Iterator[Path | None]:
    """The path of what one process prepares, while the others wait: whoever finds nothing there writes it."""
    if not _folders:
        yield None
        return
    path = _folders[0] / name
    with path.with_name(f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield path


def once(name: str, compute: Callable[[], Any]) -> Any:
    """What ``compute`` returns, in this process or in another before it; it must be fit to be pickled."""
    with prepared(name) as path:
        if path is not None and path.exists():
            return pickle.loads(path.read_bytes())  # noqa: S301 - written below
        computed = compute()
        if path is not None:
            path.write_bytes(pickle.dumps(computed))
        return computed
