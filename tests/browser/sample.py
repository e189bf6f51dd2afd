"""The sample of pages that the accessibility checks cover: one address per page template and per public view."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest


@dataclass(frozen=True)
class Sampled:
    """A page of the sample, the HTTP status that it answers with, and the cookies that it cannot do without."""

    name: str
    path: str
    status: int = 200
    cookies: frozenset[str] = frozenset()


# The first session of the event on site, whose address the demonstration makes always the same.
SESSION = "18ff32ba-6b76-5178-8549-7c7916e0518c"
SAMPLE = [
    Sampled("home", "/"),
    Sampled("standard", "/decouvrir/comment-ca-marche/"),
    Sampled("standard-with-children", "/decouvrir/"),
    Sampled("standard-with-every-block", "/decouvrir/exemple-de-mise-en-page/"),
    Sampled("accessibility", "/accessibilite/"),
    Sampled("legal-notice", "/mentions-legales/"),
    Sampled("personal-data", "/donnees-personnelles/"),
    Sampled("terms", "/cgu/"),
    Sampled("cookies", "/gestion-des-cookies/"),
    Sampled("ecodesign", "/ecoconception/"),
    Sampled("sitemap", "/plan-du-site/"),
    Sampled("contact", "/contact/", cookies=frozenset({"csrf"})),
    Sampled("contact-sent", "/contact/merci/"),
    Sampled("report", "/signaler-une-erreur/4/", cookies=frozenset({"csrf"})),
    Sampled("report-sent", "/signaler-une-erreur/merci/"),
    Sampled("territory-index", "/territoires/liste/"),
    Sampled("candidates-none-asked", "/territoires/"),
    Sampled("candidates", "/territoires/?q=saint-denis"),
    Sampled("candidates-none-found", "/territoires/?q=zzzzzzzzzz"),
    Sampled("commune", "/territoires/commune-44109-nantes/"),
    Sampled("epci", "/territoires/epci-244400404-nantes-metropole/"),
    Sampled("departement", "/territoires/departement-44-loire-atlantique/"),
    Sampled("region", "/territoires/region-52-pays-de-la-loire/"),
    Sampled("arrondissement", "/territoires/arrondissement-75112-paris-12e-arrondissement/"),
    Sampled("ept", "/territoires/ept-200057867-plaine-commune/"),
    Sampled("country", "/territoires/pays-FR-france/"),
    Sampled("unknown-territory", "/territoires/commune-99999-inconnue/", status=404),
    Sampled("directory", "/annuaire/"),
    Sampled("directory-of-a-commune", "/annuaire/?territoire=commune:23096&type=association&thematique=mobilites"),
    Sampled("directory-none", "/annuaire/?q=zzzzzzzzzz"),
    Sampled("actor", "/annuaire/ressourcerie-fictive-du-grand-gueret/"),
    Sampled("actor-council", "/annuaire/collectivite-europeenne-d-alsace/"),
    Sampled("certificate-check", "/agenda/attestations/"),
    Sampled("certificate-unknown", "/agenda/attestations/?code=K7M3P-9QXRT"),
    Sampled("ticket", "/agenda/pointage/2f3e4b6a-0000-4000-8000-000000000000/"),
    Sampled("resources", "/ressources/"),
    Sampled("resources-filtered", "/ressources/?type=guide&type=formation&public=elus"),
    Sampled("kit", "/ressources/lancer-un-budget-participatif/"),
    Sampled("kit-adapted", "/ressources/budget-participatif-des-jeunes/"),
    Sampled("training", "/ressources/conduire-un-projet-de-tiers-lieu-formation-fictive/"),
    Sampled("submission", "/experiences/partager/", cookies=frozenset({"csrf"})),
    Sampled("submission-find", "/experiences/partager/retrouver/", cookies=frozenset({"csrf"})),
    Sampled("submission-links-sent", "/experiences/partager/retrouver/envoye/"),
    Sampled("my-registrations", "/agenda/mes-inscriptions/", cookies=frozenset({"csrf"})),
    Sampled("my-registrations-sent", "/agenda/mes-inscriptions/envoyees/"),
    Sampled("registration-bad-link", "/agenda/inscription/gerer/faux/", status=404),
    Sampled("submission-bad-link", "/experiences/partager/depot/faux/", status=404),
    Sampled("experiences", "/experiences/"),
    Sampled("experiences-alike", "/experiences/?comme=commune:23096&selon=strate"),
    Sampled("experience", "/experiences/jardin-partage-gueret/"),
    Sampled("experience-abandoned", "/experiences/bus-sante-nevers/"),
    Sampled("experience-comparison", "/experiences/comparer/"),
    Sampled("experience-contact", "/experiences/contact/jardin-partage-gueret/", cookies=frozenset({"csrf"})),
    Sampled("experience-contact-sent", "/experiences/message-envoye/"),
    Sampled("articles", "/actualites/"),
    Sampled("articles-of-a-year", "/actualites/?annee=2022&type=reportage&mois=abc"),
    Sampled("article-news", "/actualites/petites-villes-de-demain-1600-communes/"),
    Sampled("article-report", "/actualites/la-halle-a-rouvert/"),
    Sampled("article-interview", "/actualites/d-abord-de-la-patience/"),
    Sampled("article-focus", "/actualites/action-coeur-de-ville-cinq-axes/"),
    Sampled("calls", "/appels-a-projets/"),
    Sampled("calls-of-a-commune", "/appels-a-projets/?territoire=commune:44109&structure=commune&publies=30"),
    Sampled("calls-closed", "/appels-a-projets/?statut=clos"),
    Sampled("calls-none", "/appels-a-projets/?q=zzzzzzzzzz"),
    Sampled("call", "/appels-a-projets/halles/"),
    Sampled("call-with-winners", "/appels-a-projets/cafes-associatifs/"),
    Sampled("agenda", "/agenda/"),
    Sampled("agenda-filtered", "/agenda/?territoire=commune:23096&mode=presentiel&du=31/02/2027"),
    Sampled("agenda-past", "/agenda/?quand=passes"),
    Sampled("agenda-month", f"/agenda/?mois={datetime.now(UTC):%Y-%m}"),
    Sampled("agenda-none", "/agenda/?q=zzzzzzzzzz"),
    Sampled("event-on-site", "/agenda/atelier-budget-participatif/"),
    Sampled("event-remote", "/agenda/webinaire-donnees-communales/"),
    Sampled("event-overseas", "/agenda/visite-quartier-saint-denis/"),
    Sampled("event-cancelled", "/agenda/visite-halle/"),
    Sampled("event-past", "/agenda/matinee-jardins-partages/"),
    Sampled("registration", f"/agenda/inscription/{SESSION}/", cookies=frozenset({"csrf"})),
    Sampled("registration-sent", f"/agenda/inscription/{SESSION}/envoyee/"),
    Sampled("search", "/recherche/"),
    Sampled("search-results", "/recherche/?q=accessibilité"),
    Sampled("search-kind", "/recherche/?q=budget&genre=kit-ou-outil"),
    Sampled("search-place", "/recherche/?q=kit réunion à Guéret"),
    Sampled("search-no-result", "/recherche/?q=zzzzzzzzzz"),
    Sampled("api", "/api/v1/docs"),
    Sampled("not-found", "/cette-page-n-existe-pas/", status=404),
]
each_sampled = pytest.mark.parametrize("sampled", SAMPLE, ids=[sampled.name for sampled in SAMPLE])
