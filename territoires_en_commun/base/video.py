"""Videos hosted elsewhere: which hosts are accepted, and how they are played after a click."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class VideoHost:
    """A host of videos; ``{id}`` in the templates is the identifier found by ``pattern`` in the path and query."""

    name: str
    domains: tuple[str, ...]
    pattern: str
    player: str
    frame_origin: str


@dataclass(frozen=True)
class HostedVideo:
    """A video at its host: the name to show, the page to visit, the address of the player."""

    host: str
    page_url: str
    player_url: str


VIDEO_HOSTS = (
    VideoHost(
        name="Tube numérique de l’État",
        domains=("tube.numerique.gouv.fr",),
        pattern=r"^/(?:w|videos/watch|videos/embed)/(?P<id>[A-Za-z0-9-]{8,40})$",
        player="https://tube.numerique.gouv.fr/videos/embed/{id}",
        frame_origin="https://tube.numerique.gouv.fr",
    ),
    VideoHost(
        name="Dailymotion",
        domains=("dailymotion.com", "www.dailymotion.com", "dai.ly"),
        pattern=r"^/(?:video/|embed/video/)?(?P<id>[A-Za-z0-9]{5,20})$",
        player="https://geo.dailymotion.com/player.html?video={id}",
        frame_origin="https://geo.dailymotion.com",
    ),
    VideoHost(
        name="Vimeo",
        domains=("vimeo.com", "www.vimeo.com", "player.vimeo.com"),
        pattern=r"^/(?:video/)?(?P<id>\d{5,12})$",
        player="https://player.vimeo.com/video/{id}?dnt=1",
        frame_origin="https://player.vimeo.com",
    ),
    VideoHost(
        name="YouTube",
        domains=("youtube.com", "www.youtube.com", "m.youtube.com", "www.youtube-nocookie.com", "youtu.be"),
        pattern=r"^/(?:watch/|embed/|live/|shorts/)?(?P<id>[A-Za-z0-9_-]{11})$",
        player="https://www.youtube-nocookie.com/embed/{id}",
        frame_origin="https://www.youtube-nocookie.com",
    ),
)
HOST_NAMES = ", ".join(host.name for host in VIDEO_HOSTS)


def find_video(url: str) -> HostedVideo | None:
    """The video that an address shows, or None when the host or the form of the address is not known."""
    try:
        parts = urlsplit((url or "").strip())
        hostname = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"}:
        return None
    path = parts.path.rstrip("/")
    if path == "/watch":
        path = f"/watch/{parse_qs(parts.query).get('v', [''])[0]}"
    for host in VIDEO_HOSTS:
        match = hostname in host.domains and re.match(host.pattern, path)
        if match:
            page_url = f"https://{hostname}{parts.path}" + (f"?{parts.query}" if parts.query else "")
            return HostedVideo(host.name, page_url, host.player.format(id=match["id"]))
    return None
