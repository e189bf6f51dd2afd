"""Finding one's registrations again by one's address, reading and erasing what is kept of it. GET never acts."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_safe

from agenda.registrations import my_registrations as mine
from agenda.registrations.erasure import erase_address
from agenda.registrations.forms import FindForm
from territoires_en_commun.base.guarded_forms import GuardedFormView
from territoires_en_commun.base.rate_limits import RateLimit
from territoires_en_commun.mailing.views import SignedLinkView

TITLE = "Retrouver mes inscriptions"
EXPLANATION = (
    "Vos nom, adresse, réponses, et les courriels qui vous ont été écrits sont effacés. Vos inscriptions à venir sont "
    "annulées, et vos places données à d’autres. Rien ne peut être récupéré. Seuls restent, sans votre nom, les "
    "nombres de participants."
)


class FindView(GuardedFormView):
    """Asking anew for the links of one's registrations: the same answer whether there is one or not."""

    form_class = FindForm
    template_name = "agenda/registration/find.html"
    limits = (
        RateLimit("registration-find-address", limit=30, period=3600),
        RateLimit("registration-find-sender", limit=5, period=3600),
    )

    def page_context(self, form):
        return {"title": TITLE, "breadcrumb": [{"title": TITLE}], "noindex": True}

    def accept(self, data):
        mine.send_links(email=data["email"], identity=data["identity"])
        return redirect("my_registrations_sent")


@require_safe
def links_sent(request: HttpRequest) -> HttpResponse:
    """What follows the request of links; reached by redirection, so that reloading asks nothing again."""
    title = "Vos inscriptions : demande reçue"
    context = {"title": title, "breadcrumb": [{"title": title}], "noindex": True}
    return render(request, "agenda/registration/links_sent.html", context)


class DataView(SignedLinkView):
    """What registrations keep about an address."""

    link = mine.MY_DATA
    title = "Mes données d’inscription"
    confirm_template = "agenda/registration/data.html"
    remedy_url = reverse_lazy("my_registrations")
    remedy_label = "Recevoir un nouveau lien"
    http_method_names = ["get", "head", "options"]

    def get_object(self, payload):
        data = mine.data_of(mine.address_of(payload))
        return {"data": data, "token": self.kwargs["token"]}


class ExportView(DataView):
    """The same, as a file that other software reads (RGPD, article 20)."""

    def _confirm(self, request, target, errors=None):
        response = JsonResponse(target["data"].as_json(), json_dumps_params={"ensure_ascii": False, "indent": 2})
        response["Content-Disposition"] = 'attachment; filename="mes-inscriptions.json"'
        response["X-Robots-Tag"] = "noindex"
        return response


class ErasureView(SignedLinkView):
    """Everything that registrations keep about an address is erased."""

    link = mine.MY_DATA
    title = "Effacer mes données d’inscription"
    explanation = EXPLANATION
    button = "Effacer définitivement"
    done_title = "Vos données sont effacées"
    done_message = "Plus rien ne vous nomme dans les inscriptions. Aucun courriel ne suit : l’adresse est effacée."
    remedy_url = reverse_lazy("my_registrations")
    remedy_label = "Recevoir un nouveau lien"

    def get_object(self, payload):
        return mine.address_of(payload)

    def perform(self, target):
        erase_address(target)
