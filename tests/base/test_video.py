"""Addresses of videos: which are known, and how each is played."""

import pytest
from django.conf import settings

from territoires_en_commun.base.video import VIDEO_HOSTS, HostedVideo, find_video


@pytest.mark.parametrize(
    ("url", "host", "player"),
    [
        ("https://youtu.be/abc-DEF_123", "YouTube", "https://www.youtube-nocookie.com/embed/abc-DEF_123"),
        (
            "https://www.youtube.com/watch?v=abcdefghijk&t=4",
            "YouTube",
            "https://www.youtube-nocookie.com/embed/abcdefghijk",
        ),
        ("https://m.youtube.com/live/abcdefghijk/", "YouTube", "https://www.youtube-nocookie.com/embed/abcdefghijk"),
        (
            "https://www.dailymotion.com/video/x8abcde",
            "Dailymotion",
            "https://geo.dailymotion.com/player.html?video=x8abcde",
        ),
        ("https://dai.ly/x8abcde", "Dailymotion", "https://geo.dailymotion.com/player.html?video=x8abcde"),
        ("https://vimeo.com/123456789", "Vimeo", "https://player.vimeo.com/video/123456789?dnt=1"),
        (
            "https://tube.numerique.gouv.fr/w/aBcDeFgHiJkLmNoP",
            "Tube numérique de l'État",
            "https://tube.numerique.gouv.fr/videos/embed/aBcDeFgHiJkLmNoP",
        ),
    ],
)
def test_find_video_knows_the_forms_of_each_host(url, host, player):
    video = find_video(url)
    assert (video.host.replace("’", "'"), video.player_url) == (host, player)


def test_find_video_keeps_the_page_without_credentials():
    assert find_video("https://moi:secret@vimeo.com/123456789?a=b") == HostedVideo(
        "Vimeo", "https://vimeo.com/123456789?a=b", "https://player.vimeo.com/video/123456789?dnt=1"
    )


@pytest.mark.parametrize(
    "url",
    [
        "",
        None,
        "pas une adresse",
        "javascript:alert(1)",
        "ftp://vimeo.com/123456789",
        "https://[",
        "https://vimeo.com/1",
        "https://www.youtube.com/watch?v=%00bcdefghijk",
        'https://youtu.be/abc"DEF_123',
    ],
)
def test_find_video_refuses_the_rest(url):
    assert find_video(url) is None


def test_content_security_policy_lets_each_host_be_framed():
    frames = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["frame-src"]
    assert set(frames) - {"'self'"} == {host.frame_origin for host in VIDEO_HOSTS}
    assert all(host.player.startswith(host.frame_origin + "/") for host in VIDEO_HOSTS)
