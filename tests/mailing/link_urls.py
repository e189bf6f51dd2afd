"""Two pages behind signed links, as a room would write them."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.urls import include, path

from territoires_en_commun.mailing.links import SignedLink
from territoires_en_commun.mailing.models import JobState
from territoires_en_commun.mailing.views import SignedLinkView
from territoires_en_commun.urls import urlpatterns as project_urls

ONCE = SignedLink("essai-unique", url_name="essai-unique", lifetime=timedelta(days=7), single_use=True)
MANY = SignedLink("essai-durable", url_name="essai-durable", lifetime=timedelta(days=30))


class CountView(SignedLinkView):
    """Adds one to the failures of a JobState: any row with a counter would do."""

    title = "Annuler votre inscription"
    explanation = "Votre place sera rendue."
    button = "Annuler mon inscription"
    done_title = "Inscription annulée"
    done_message = "Votre place est rendue."
    remedy_url = "/agenda/"
    remedy_label = "Demander un nouveau lien"

    def get_object(self, payload):
        return JobState.objects.get(name=payload)

    def perform(self, target):
        if target.last_result == "complet":
            raise ValidationError("La date limite est passée.")
        target.failures += 1
        target.save()


urlpatterns = [
    path("lien/unique/<str:token>/", CountView.as_view(link=ONCE), name="essai-unique"),
    path("lien/durable/<str:token>/", CountView.as_view(link=MANY), name="essai-durable"),
    path("", include(project_urls)),
]
