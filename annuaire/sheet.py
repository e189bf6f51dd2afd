"""What the fiche of an actor says, ready for its template and for search engines."""

from functools import cached_property
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.text import capfirst

from annuaire.hours import opening_hours_specification, shown_hours
from annuaire.kinds import REPRESENTED, ActorType, PointSource, SheetStatus
from annuaire.models import ActorPage, PublicContact
from territoires_en_commun.base.addresses import Place, PlaceList, place_list, place_of
from territoires_en_commun.base.links import SHOWN, is_readable
from territoires_en_commun.base.models.visibility import private_paths
from territoires_en_commun.base.sheets import PageSheet
from territoires_en_commun.base.site_info import Link

MAX_BRANCHES = 50
SCHEMA_TYPES = {
    ActorType.STATE: "GovernmentOrganization",
    ActorType.OPERATOR: "GovernmentOrganization",
    ActorType.SYNDICATE: "GovernmentOrganization",
    ActorType.ASSOCIATION: "NGO",
    ActorType.COMPANY: "Corporation",
    ActorType.RESEARCH: "CollegeOrUniversity",
    **dict.fromkeys(REPRESENTED, "GovernmentOrganization"),
}


class ActorSheet(PageSheet):
    """The data of one fiche; each property queries once."""

    page: ActorPage

    @property
    def type_label(self) -> str:
        """« Association »."""
        return capfirst(self.page.get_type_display())

    @property
    def status_label(self) -> str:
        """« non revendiquée »."""
        return SheetStatus(self.page.status).label

    @property
    def doubt(self) -> str:
        """Why the fiche is to be checked."""
        if self.page.status == SheetStatus.TO_CHECK:
            return "Ce qu’elle dit est mis en doute, et va être vérifié."
        if self.page.verified_on is None:
            return "Personne n’a encore vérifié cette fiche."
        return "Personne n’a vérifié cette fiche depuis un an."

    @cached_property
    def territories(self) -> PlaceList:
        """Where the actor acts."""
        return place_list(self.terms("territories"))

    @property
    def council(self) -> Place | None:
        """The territory of which a local authority is the council."""
        return place_of(self.page.represents) if self.page.represents else None

    @cached_property
    def parent(self) -> Link | None:
        """The actor to which this one belongs, when visitors may see it."""
        if self.page.parent_actor_id is None:
            return None
        found = self.page.parent_actor
        return Link(found.name, found.get_url()) if is_readable(found, private_paths()) else None

    @cached_property
    def branches(self) -> list[Link]:
        """The actors that belong to this one, by name."""
        found = self.page.branches.live_public().order_by("title").only(*SHOWN, "acronym")[:MAX_BRANCHES]
        return [Link(branch.name, branch.get_url()) for branch in found]

    @cached_property
    def contacts(self) -> list[PublicContact]:
        """The persons who agreed to be shown."""
        return self.page.public_contacts

    @property
    def hours(self) -> list[tuple[str, str]]:
        """Day and hours."""
        return shown_hours(self.page.opening_hours)

    @property
    def address_lines(self) -> list[str]:
        """The postal address, line by line."""
        town = self.page.commune.name if self.page.commune else ""
        lines = (self.page.address, self.page.address_extra, f"{self.page.postal_code} {town}".strip())
        return [line for line in lines if line]

    @property
    def website_label(self) -> str:
        """« www.exemple.fr »."""
        return urlsplit(self.page.website).hostname or self.page.website

    @property
    def is_reachable(self) -> bool:
        """Whether there is anything to show of how to reach the actor."""
        actor = self.page
        ways = (self.address_lines, actor.public_phone, actor.public_email, actor.website, self.contacts, self.hours)
        return any(ways) or bool(actor.opening_note)

    @property
    def structured_data(self) -> dict:
        """The actor as schema.org describes an organisation: what the page shows, nothing else."""
        actor = self.page
        data = {
            "@context": "https://schema.org",
            "@type": SCHEMA_TYPES.get(actor.type, "Organization"),
            "name": actor.title,
            "url": settings.SITE_URL + actor.get_url(),
            "alternateName": actor.acronym,
            "description": actor.summary,
            "sameAs": actor.website,
            "telephone": actor.public_phone.as_e164 if actor.public_phone else "",
            "email": actor.public_email,
            "taxID": actor.siren,
            "address": self._postal_address(),
            "location": self._place(),
            "areaServed": [
                {"@type": "AdministrativeArea", "name": place.name} for place in self.territories.places[:50]
            ],
        }
        return {key: value for key, value in data.items() if value}

    def _postal_address(self) -> dict:
        actor = self.page
        parts = {
            "streetAddress": actor.address,
            "postalCode": actor.postal_code,
            "addressLocality": actor.commune.name if actor.commune else "",
        }
        given = {key: value for key, value in parts.items() if value}
        return {"@type": "PostalAddress", **given, "addressCountry": "FR"} if given else {}

    def _place(self) -> dict:
        point, place = self.page.point, {}
        if point and point[2] == PointSource.GIVEN:
            place["geo"] = {"@type": "GeoCoordinates", "latitude": point[0], "longitude": point[1]}
        if hours := opening_hours_specification(self.page.opening_hours):
            place["openingHoursSpecification"] = hours
        return {"@type": "Place", **place} if place else {}
