"""Events on the pages that go with them: experiences, kits, trainings, articles. Live and public, with their date."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import PageViewRestriction

from agenda.events.kinds import EventMode, SessionStatus
from territoires_en_commun.base.models import BasePage, LinkKind, PageLink
from tests.agenda.events import make_event, make_session
from tests.factories import ArticlePageFactory, ExperiencePageFactory, KitPageFactory, TrainingPageFactory
from tests.query_costs import cost_of_visit

FACTORIES = [ExperiencePageFactory, KitPageFactory, TrainingPageFactory, ArticlePageFactory]


@pytest.fixture(autouse=True)
def now(home, freeze):
    freeze("2027-03-10 10:00")


def link(source, target, kind=LinkKind.RELATED):
    PageLink.objects.create(
        source=BasePage.objects.get(pk=source.pk), target=BasePage.objects.get(pk=target.pk), kind=kind
    )


def text_of(client, page):
    html = client.get(page.url).content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("&nbsp;", " ").replace("\u00a0", " ").split())


@pytest.mark.parametrize("factory", FACTORIES, ids=lambda factory: factory.__name__)
@pytest.mark.parametrize("is_source", [True, False])
def test_event_is_shown_with_its_next_date(client, home, factory, is_source):
    page = factory(parent=home)
    event, draft, private = (
        make_event(title=title, live=title != "Brouillon") for title in ("Atelier", "Brouillon", "Privé")
    )
    PageViewRestriction.objects.create(page=private.basepage_ptr, restriction_type="login")
    for other in (event, draft, private):
        make_session(other, days=-3)
        make_session(other, days=3)
        link(*((other, page) if is_source else (page, other)))
    text = text_of(client, page)
    assert "Atelier (Événement – samedi 13 mars 2027, de 10 h à 12 h)" in text
    assert ("Brouillon" in text, "Privé" in text) == (False, False)


@pytest.mark.parametrize(
    ("sessions", "said"),
    [
        ([], "Atelier (Événement)"),
        ([{"days": -3}], "Atelier (Événement – terminé, dimanche 7 mars 2027, de 10 h à 12 h)"),
        (
            [{"days": 3, "status": SessionStatus.CANCELLED, "status_message": "Neige."}],
            "Atelier (Événement – samedi 13 mars 2027, de 10 h à 12 h, annulée)",
        ),
        (
            [{"days": 3, "status": SessionStatus.CANCELLED, "status_message": "Neige."}, {"days": 40}],
            "Atelier (Événement – lundi 19 avril 2027, de 11 h à 13 h)",
        ),
    ],
)
def test_date_that_is_over_or_off_is_told_so(client, home, sessions, said):
    page, event = KitPageFactory(parent=home), make_event(title="Atelier")
    for session in sessions:
        make_session(event, **session)
    link(event, page, LinkKind.USES)
    assert said in text_of(client, page)


def test_training_shows_the_sessions_to_come_of_its_events(client, home):
    training = TrainingPageFactory(parent=home)
    assert "Prochaines séances" not in text_of(client, training)
    event = make_event(title="Session de mars")
    remote = make_event(title="En visio", mode=EventMode.REMOTE, time_zone="Indian/Reunion")
    for other in (event, make_event(title="Brouillon", live=False), make_event(title="Sans lien")):
        make_session(other, days=2)
    link(event, training, LinkKind.USES)
    link(event, training, LinkKind.RELATED)
    link(BasePage.objects.get(title="Brouillon"), training, LinkKind.USES)
    link(training, remote)
    make_session(event, days=-2)
    make_session(event, days=9, title="Deuxième jour", status=SessionStatus.POSTPONED, status_message="Neige.")
    make_session(remote, days=1)
    text = text_of(client, training)
    section = text[text.index("Prochaines séances") :]
    expected = (
        "Prochaines séances Jeudi 11 mars 2027, de 13 h à 15 h (heure de La Réunion) – En visio , À distance "
        "Vendredi 12 mars 2027, de 10 h à 12 h – Session de mars , Salle des fêtes, 1 place de la Mairie, Guéret "
        "Vendredi 19 mars 2027, de 10 h à 12 h (reportée) – Session de mars – Deuxième jour , Salle des fêtes"
    )
    assert section.startswith(expected)
    assert "Sans lien" not in text


def test_event_of_a_training_leads_to_it(client, home):
    training, event = TrainingPageFactory(parent=home), make_event()
    make_session(event)
    link(event, training, LinkKind.USES)
    assert training.title in text_of(client, event)


def test_training_costs_the_same_with_one_session_and_with_three(client, home):
    training = TrainingPageFactory(parent=home)
    costs = []
    for rank in range(3):
        event = make_event(title=f"Séance {rank}")
        make_session(event, starts_at=timezone.now() + timedelta(days=rank + 1))
        link(event, training, LinkKind.USES)
        if rank != 1:
            client.get(training.url)
            costs.append([cost_of_visit(client, training.url, is_cold=is_cold) for is_cold in (False, True)])
    assert costs[0] == costs[1]
    assert costs[0][0] <= 15
    assert costs[0][1] <= 20
