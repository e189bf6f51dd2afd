"""What the page of a call says, ready for its template and for search engines."""

import datetime as dt
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.text import capfirst

from agenda.calls import amounts
from agenda.calls.deadlines import closing_moment, countdown, day_in_france, opening_moment, status_on
from agenda.calls.kinds import IS_OPEN, IS_OVER, CallStatus, Recurrence
from agenda.calls.listings import BADGES
from agenda.models import CallPage
from territoires_en_commun.base.addresses import PlaceList, place_list
from territoires_en_commun.base.formats import long_date
from territoires_en_commun.base.links import LinkGroup
from territoires_en_commun.base.listing.links import listing_url
from territoires_en_commun.base.models import BasePage, LinkKind
from territoires_en_commun.base.models.links import TITLES
from territoires_en_commun.base.sheets import PageSheet
from territoires_en_commun.base.site_info import Link

FUNDERS, OPERATORS = TITLES[LinkKind.FUNDER][0], TITLES[LinkKind.OPERATOR][0]
SHOWN_CHANGES = 20


class KeyDate(NamedTuple):
    """A date of the call: its label, the day for machines, and in words with what makes it exact."""

    label: str
    iso: str
    words: str
    precision: str = ""


class ChangeLine(NamedTuple):
    """What changed, and the day when it was published, for machines and in words."""

    sentence: str
    iso: str
    day: str


class WinnerLine(NamedTuple):
    """A winner: links are given only to pages that visitors can read."""

    name: Link
    project: str
    amount: str
    experience: Link | None


class CallSheet(PageSheet):
    """The data of one call at a given time; each property queries once."""

    def __init__(self, call: CallPage, now: dt.datetime):
        super().__init__(call)
        self.today = day_in_france(now)

    @property
    def nature(self) -> str:
        """« Appel à manifestation d’intérêt »."""
        return capfirst(self.page.get_nature_display())

    @cached_property
    def status(self) -> CallStatus:
        """Where the call stands."""
        call = self.page
        return status_on(
            self.today, opens_on=call.opens_on, closes_on=call.closes_on, has_winners=bool(self.winner_rows)
        )

    @property
    def status_label(self) -> str:
        """« Clôture imminente »."""
        return capfirst(self.status.label)

    @property
    def status_kind(self) -> str:
        """The look of the badge."""
        return BADGES.get(self.status, "")

    @property
    def countdown(self) -> str:
        """« Clôture dans 12 jours »."""
        return capfirst(countdown(self.today, opens_on=self.page.opens_on, closes_on=self.page.closes_on))

    @property
    def can_apply(self) -> bool:
        """Whether applications are taken."""
        return self.status in IS_OPEN

    @property
    def is_over(self) -> bool:
        """Whether applications are taken no more."""
        return self.status in IS_OVER

    @property
    def dates(self) -> list[KeyDate]:
        """The dates that are given, in order."""
        call = self.page
        given = (
            ("Ouverture", call.opens_on, ""),
            ("Pré-dépôt", call.prefiling_on, "dernier jour"),
            ("Clôture", call.closes_on, "jusqu’à 23\u00a0h\u00a059, heure de Paris"),
        )
        return [KeyDate(label, day.isoformat(), long_date(day), more) for label, day, more in given if day]

    @property
    def recurrence(self) -> str:
        """« Chaque année »; empty for a call that happens once."""
        return "" if self.page.recurrence == Recurrence.ONCE else capfirst(self.page.get_recurrence_display())

    @property
    def amount(self) -> str:
        """« Jusqu’à 50 000 € »."""
        return capfirst(amounts.amounts(self.page.amount_min, self.page.amount_max))

    @property
    def rate(self) -> str:
        """« De 20 % à 80 % »."""
        return capfirst(amounts.rates(self.page.rate_min, self.page.rate_max))

    @property
    def beneficiaries(self) -> str:
        """« Commune, intercommunalité, association »."""
        return capfirst(", ".join(self.page.labels("beneficiaries")))

    @property
    def costs(self) -> str:
        """« Travaux et équipements, études et ingénierie »."""
        return capfirst(", ".join(self.page.labels("eligible_costs")))

    @property
    def stages(self) -> str:
        """« Études et conception, réalisation »."""
        return capfirst(", ".join(self.page.labels("project_stages")))

    @cached_property
    def territories(self) -> PlaceList:
        """Where the projects must be."""
        return place_list(self.terms("territories"))

    @property
    def application_host(self) -> str:
        """« www.exemple.fr »."""
        return urlsplit(self.page.application_url).hostname or self.page.application_url

    @property
    def calendar_url(self) -> str:
        """The closing as a calendar file; empty when there is nothing to wait for."""
        return "" if self.is_over or not self.page.closes_on else listing_url(self.page.get_url(), {"export": ["ics"]})

    # Links

    @cached_property
    def groups(self) -> dict[str, LinkGroup]:
        """The pages linked to this one, by title; none in the preview of a call that was never saved."""
        return {group.title: group for group in self.linked}

    @property
    def funders(self) -> list[Link]:
        """Who pays; a funder without fiche has no address."""
        named = self._actors(FUNDERS)
        return [*named, Link(self.page.funders_text, "")] if self.page.funders_text else named

    @property
    def operators(self) -> list[Link]:
        """Who examines the applications."""
        return self._actors(OPERATORS)

    def _actors(self, title: str) -> list[Link]:
        return [Link(page.title, page.url) for page in self.groups[title].pages] if title in self.groups else []

    @property
    def other_groups(self) -> list[LinkGroup]:
        """The other links: the projects that answered, what else to read."""
        return [group for title, group in self.groups.items() if title not in (FUNDERS, OPERATORS)]

    @cached_property
    def winner_rows(self) -> list:
        """The winners as they are stored."""
        return list(self.page.winners.all())

    @cached_property
    def winners(self) -> list[WinnerLine]:
        """The winners, once the call is over."""
        if not self.is_over:
            return []
        keys = {key for row in self.winner_rows for key in (row.actor_id, row.experience_id) if key}
        pages = {page.pk: page for page in BasePage.objects.live_public().filter(pk__in=keys)} if keys else {}
        return [
            WinnerLine(
                name=Link(row.name, _url_of(pages.get(row.actor_id))),
                project=row.project,
                amount=amounts.euros(row.amount) if row.amount else "",
                experience=Link(page.title, page.get_url()) if (page := pages.get(row.experience_id)) else None,
            )
            for row in self.winner_rows
        ]

    @property
    def results_note(self) -> str:
        """Why no winner is named, once the call is over."""
        return self.page.results_note if self.is_over else ""

    @cached_property
    def changes(self) -> list[ChangeLine]:
        """What changed since the publication, the newest first."""
        rows = self.page.changes.all()[:SHOWN_CHANGES] if self.page.pk else []
        return [
            ChangeLine(row.sentence, day_in_france(row.at).isoformat(), long_date(day_in_france(row.at)))
            for row in rows
        ]

    @property
    def structured_data(self) -> dict:
        """The call as schema.org describes a grant and how to ask for it: what the page shows, nothing else."""
        call = self.page
        data = {
            "@context": "https://schema.org",
            "@type": "MonetaryGrant",
            "name": call.title,
            "url": settings.SITE_URL + call.get_url(),
            "description": call.summary,
            "sameAs": call.source_url,
            "funder": [{"@type": "Organization", "name": funder.label} for funder in self.funders],
            "amount": self._amount(),
            "potentialAction": self._application(),
        }
        return {key: value for key, value in data.items() if value}

    def _amount(self) -> dict:
        bounds = {"minValue": self.page.amount_min, "maxValue": self.page.amount_max}
        given = {key: value for key, value in bounds.items() if value is not None}
        return {"@type": "MonetaryAmount", "currency": "EUR", **given} if given else {}

    def _application(self) -> dict:
        call = self.page
        if self.is_over or not call.application_url:
            return {}
        action = {"@type": "ApplyAction", "target": call.application_url}
        if call.opens_on:
            action["startTime"] = opening_moment(call.opens_on).isoformat()
        if call.closes_on:
            action["endTime"] = closing_moment(call.closes_on).isoformat()
        return action


def _url_of(page: BasePage | None) -> str:
    return page.get_url() if page else ""
