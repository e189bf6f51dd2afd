"""What the page of a training says, ready for its template and for search engines."""

from functools import cached_property
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import capfirst

from annuaire.models import ActorPage
from ressources.kinds import TrainingMode
from ressources.labels import hours_label, iso_hours, price_label
from ressources.models import TrainingPage
from ressources.sheets import Fact, ResourceSheet
from territoires_en_commun.base.links import is_readable
from territoires_en_commun.base.models.visibility import private_paths
from territoires_en_commun.base.registry import Meeting, meetings

COURSE_MODES = {
    TrainingMode.ON_SITE: "onsite",
    TrainingMode.REMOTE: "online",
    TrainingMode.BLENDED: "blended",
    TrainingMode.MOOC: "online",
}


class TrainingSheet(ResourceSheet):
    """The data of one training."""

    def __init__(self, training: TrainingPage):
        super().__init__(training)
        self.training = training

    @cached_property
    def organiser(self) -> ActorPage | None:
        """The actor who organises the training, when visitors may see its fiche."""
        organiser = self.training.organiser
        return organiser if organiser and is_readable(organiser, private_paths()) else None

    @property
    def facts(self) -> list[Fact]:
        """The training in short; what is not known is left out."""
        training = self.training
        organiser = [Fact("Organisée par", self.organiser.name, self.organiser.get_url())] if self.organiser else []
        facts = [
            *organiser,
            Fact("Pour qui", self.audience),
            Fact("Où", self.places),
            Fact("Modalité", capfirst(training.get_mode_display())),
            Fact("Durée", hours_label(training.hours)),
            Fact("Tarif", capfirst(price_label(training.is_free, training.price))),
            Fact("Certification", training.certification),
            *self.publisher,
        ]
        return [fact for fact in facts if fact.text]

    @cached_property
    def sessions(self) -> list[Meeting]:
        """The dates to come, as the rooms that have some give them; none for a page that was never saved."""
        if not self.page.pk:
            return []
        now = timezone.now()
        return [meeting for give in meetings for meeting in give(self.page, now)]

    @property
    def registration_host(self) -> str:
        """« www.exemple.fr »."""
        return urlsplit(self.training.registration_url).hostname or ""

    @property
    def structured_data(self) -> dict:
        """The training as schema.org describes a course: what the page shows."""
        training = self.training
        data = {
            "@context": "https://schema.org",
            "@type": "Course",
            "name": training.title,
            "description": training.summary,
            "url": settings.SITE_URL + (training.get_url() or ""),
            "inLanguage": "fr",
            "provider": self._provider(),
            "audience": self.schema_audience,
            "coursePrerequisites": " ".join(strip_tags(training.prerequisites.replace("<", " <")).split()),
            "educationalCredentialAwarded": training.certification,
            "offers": self._offer(),
            "hasCourseInstance": self._instance(),
        }
        return {key: value for key, value in data.items() if value}

    def _provider(self) -> dict:
        if self.organiser is None:
            return {}
        url = settings.SITE_URL + self.organiser.get_url()
        return {"@type": "Organization", "name": self.organiser.title, "url": url}

    def _offer(self) -> dict:
        training = self.training
        if training.is_free:
            return {"@type": "Offer", "category": "Free", "price": "0", "priceCurrency": "EUR"}
        if training.price is None:
            return {}
        return {"@type": "Offer", "category": "Paid", "price": f"{training.price:.2f}", "priceCurrency": "EUR"}

    def _instance(self) -> dict:
        training = self.training
        parts = {
            "courseMode": COURSE_MODES.get(training.mode, ""),
            "courseWorkload": iso_hours(training.hours) if training.hours else "",
        }
        given = {key: value for key, value in parts.items() if value}
        return {"@type": "CourseInstance", **given} if given else {}
