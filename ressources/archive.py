"""All the files of a kit as one ZIP, made while it is sent: nothing on the disk, little in memory."""

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.utils.timezone import localtime

from territoires_en_commun.base.documents import format_weight
from territoires_en_commun.base.models import CustomDocument

from .kit_files import KitFile, absent_files

if TYPE_CHECKING:
    from .models import KitPage

MAX_BYTES = 100_000_000  # beyond, a request would hold a server process for too long
CHUNK = 256 * 1024
MAX_NAME = 100  # characters of a title kept in a name
# Compressing these again costs time and gains nothing; what is left is text.
COMPRESSED = frozenset(
    {
        *("docx", "epub", "odp", "ods", "odt", "pdf", "pptx", "xlsx", "zip"),
        *("avif", "gif", "jpeg", "jpg", "mp3", "mp4", "png", "webm", "webp"),
    }
)
ABSENCES = "00 - Fichiers absents.txt"
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
    return replace(file, title=title[:MAX_NAME].strip(" .") or "Fichier").name


def extension(file: KitFile) -> str:
    """« .pdf »."""
    return f".{file.document.file_extension.lower()}"


def absence_note(kit: "KitPage", files: Sequence[KitFile]) -> str:
    """The text that names what the archive of these files lacks; empty when it lacks nothing."""
    names = absent_files(kit, files)
    if not names:
        return ""
    lines = [
        f"«\u00a0{kit.title}\u00a0», version {kit.version}",
        "Ces fichiers ne sont pas disponibles pour le moment\u00a0:",
        *(f"- {name}" for name in names),
        f"La page du kit\u00a0: {kit.full_url}",
    ]
    return "".join(f"{' '.join(line.splitlines())}\r\n" for line in lines)


def archive_etag(version: str, files: Sequence[KitFile], note: str) -> str:
    """What changes when the archive does: version of the kit, names, files as they are stored, what is absent.

    It is weak (RFC 9110, 8.8.1): the note bears the time at which the archive is made.
    """
    identities = [
        (name, document.pk, document.file.name, document.file.size, modified_at(document))
        for name, document in zip(entry_names(files), (file.document for file in files), strict=True)
    ]
    return f'W/"{hashlib.sha256(repr((version, identities, note)).encode()).hexdigest()[:32]}"'


def modified_at(document: CustomDocument) -> str:
    """When its file was last written."""
    return document.file.storage.get_modified_time(document.file.name).isoformat()


def stream_archive(files: Sequence[KitFile], note: str = "") -> Iterator[bytes]:
    """The bytes of the ZIP, as they are made, with a text that holds ``note`` when there is one.

    Raise OSError when a file is lost meanwhile: the download breaks.
    """
    pipe = Pipe()
    with ZipFile(pipe, "w") as archive:
        if note:
            archive.writestr(ABSENCES, "\ufeff" + note, ZIP_DEFLATED)
        for file, name in zip(files, entry_names(files), strict=True):
            entry = ZipInfo(name, localtime(file.document.created_at).timetuple()[:6])
            entry.compress_type = ZIP_STORED if file.document.file_extension.lower() in COMPRESSED else ZIP_DEFLATED
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
