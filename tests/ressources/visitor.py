"""A person without account who fills the form, with a test client and a clock."""

import re
from datetime import timedelta
from html import unescape

from django.test import Client
from django.utils import timezone

from ressources.models import ExperienceSubmission
from tests.ressources.submissions import step_data

START = "/experiences/partager/"
DRAFT = re.compile(r"/experiences/partager/depot/[^/]+/")
TOKEN = re.compile(r'name="token" value="([^"]+)"')


class Visitor:
    """What they do; each form is read ten seconds before it is sent."""

    def __init__(self, client: Client, freeze):
        self.client = client
        self.freeze = freeze
        self.url = ""  # of their draft

    def wait(self, **delay) -> None:
        """Let time pass."""
        self.freeze(timezone.now() + timedelta(**delay))

    def opened(self, url: str) -> dict[str, str]:
        """What the guarded form of a page adds to what is typed, once there was time to type."""
        html = self.client.get(url).content.decode()
        self.wait(seconds=10)
        return {"token": TOKEN.search(html)[1], "website": ""}

    def start(self, **changes):
        """Send the first step."""
        response = self.client.post(START, step_data("vous") | self.opened(START) | changes)
        if response.status_code == 302:
            self.url = response.url.removesuffix("projet/")
        return response

    def post(self, slug: str, **changes):
        """Send a step of the draft, and follow where it leads: another address has other links."""
        response = self.client.post(f"{self.url}{slug}/", step_data(slug) | changes)
        if response.status_code == 302:
            self.url = DRAFT.match(response.url)[0]
        return response

    def write(self) -> None:
        """Fill every step."""
        for slug, following in (("projet", "recit"), ("recit", "bilan"), ("bilan", "envoi")):
            response = self.post(slug)
            assert (response.status_code, response.url) == (302, f"{self.url}{following}/")

    def send(self, **changes):
        """Send the whole, from the last screen."""
        url = f"{self.url}envoi/"
        return self.client.post(url, {"licence": "on", "relay": "on"} | self.opened(url) | changes)

    def text(self, url: str) -> str:
        """A page as it is read: its words without markup."""
        html = self.client.get(url).content.decode()
        main = html[html.index("<main") : html.index("</main>")]
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())

    @property
    def submission(self) -> ExperienceSubmission:
        """The only one there is."""
        return ExperienceSubmission.objects.get()
