"""All the files of a kit as one ZIP, made while it is sent: nothing on the disk, little in memory."""

import unicodedata
from collections.abc import Iterator, Sequence
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils.timezone import localtime

from territoires_en_commun.base.documents import format_weight

from .kit_files import KitFile

MAX_BYTES = 100_000_000  # beyond, a request would hold a server process for too long
CHUNK = 256 * 1024
MAX_NAME = 100  # characters of a title kept in a name
FORBIDDEN = set('\\/:*?"<>|')  # in the names of files, on one system or another


def total_bytes(files: Sequence[KitFile]) -> int:
    """What the files weigh together."""
    return sum(file.document.get_file_size() or 0 for file in files)


def archive_detail(files: Sequence[KitFile]) -> str:
    """« ZIP, 3 fichiers, 1,2 Mo »."""
    return f"ZIP, {len(files)} fichier{'s' if len(files) > 1 else ''}, {format_weight(total_bytes(files))}"


def archive_refusal(files: Sequence[KitFile]) -> str:
    """Why the files are not given together; empty when they are."""
    weight = total_bytes(files)
    if weight <= MAX_BYTES:
        return ""
    return (
        f"Les {len(files)} fichiers de ce kit pèsent {format_weight(weight)}\u00a0: au-delà de "
        f"{format_weight(MAX_BYTES)}, ils se téléchargent un par un."
    )


def entry_names(files: Sequence[KitFile]) -> list[str]:
    """A name for each file: numbered in the order of the kit, hence unique; accents are kept."""
    return [f"{number:02d} - {entry_stem(file)}{extension(file)}" for number, file in enumerate(files, start=1)]


def entry_stem(file: KitFile) -> str:
    """The title of a file as a name that every system takes, without extension."""
    title = unicodedata.normalize("NFC", file.title)
    title = "".join(" " if c in FORBIDDEN or unicodedata.category(c).startswith("C") else c for c in title)
    title = " ".join(title.split())
    if title.lower().endswith(extension(file)):
        title = title[: len(title) - len(extension(file))]
    title = title[:MAX_NAME].strip(" .") or "Fichier"
    return f"{title} (version accessible)" if file.is_version else title


def extension(file: KitFile) -> str:
    """« .pdf »."""
    return f".{file.document.file_extension.lower()}"


def stream_archive(files: Sequence[KitFile]) -> Iterator[bytes]:
    """The bytes of the ZIP, as they are made. Raise OSError when a file is lost meanwhile: the download breaks."""
    pipe = Pipe()
    with ZipFile(pipe, "w") as archive:
        for file, name in zip(files, entry_names(files), strict=True):
            entry = ZipInfo(name, localtime(file.document.created_at).timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with file.document.open_file() as source, archive.open(entry, "w") as target:
                while chunk := source.read(CHUNK):
                    target.write(chunk)
                    yield pipe.drain()
    yield pipe.drain()


class Pipe:
    """A file that only goes forward, and hands over what was written to it."""

    def __init__(self):
        self._written = bytearray()

    def write(self, data: bytes) -> int:
        self._written += data
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""

    def drain(self) -> bytes:
        """What was written since the last time."""
        data = bytes(self._written)
        self._written.clear()
        return data
