"""Abstract pictures for the demonstration: drawn here, so that nobody's rights are at stake."""

import io
import math
import tomllib
from pathlib import Path

from django.core.files.images import ImageFile
from PIL import Image, ImageDraw

from territoires_en_commun.base.models import CustomImage

DATA = Path(__file__).parent / "data" / "demo_pictures.toml"
SIZE = (1200, 675)


def demo_pictures() -> dict[str, CustomImage]:
    """The pictures of the demonstration, by name, drawn when they do not exist."""
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    return {entry["name"]: ensure_picture(**entry) for entry in data["picture"]}


def draw_waves(colors: list[str]) -> bytes:
    """A WebP of waves, one per colour after that of the sky, light in bytes."""
    width, height = SIZE
    canvas = Image.new("RGB", SIZE, colors[0])
    pen = ImageDraw.Draw(canvas)
    for rank, color in enumerate(colors[1:], start=1):
        base = height * (0.25 + 0.22 * rank)
        crest = [
            (x, base + 60 * math.sin(x / (110 + 60 * rank) + 2.3 * rank) + 18 * math.sin(x / 47 + rank))
            for x in range(0, width + 8, 8)
        ]
        pen.polygon([(0, height), *crest, (width, height)], fill=color)
    buffer = io.BytesIO()
    canvas.save(buffer, "WEBP", quality=80)
    return buffer.getvalue()


def ensure_picture(name: str, title: str, colors: list[str]) -> CustomImage:
    """The picture of that title, drawn when it does not exist."""
    image = CustomImage.objects.filter(title=title).first()
    if image is None:
        content = draw_waves(colors)
        image = CustomImage(title=title, credit="Territoires en commun, illustration libre", file_size=len(content))
        image.file = ImageFile(io.BytesIO(content), name=f"demonstration-{name}.webp")
        image.save()
    return image
