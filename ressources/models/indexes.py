"""The pages that list resources and experiences."""

from territoires_en_commun.base.models import IndexPage


class ResourceIndexPage(IndexPage):
    """The resource centre: kits, tools, guides and trainings."""

    listing = "ressources.listings.ResourceListing"

    parent_page_types = ["home.HomePage"]
    subpage_types = ["ressources.KitPage", "ressources.TrainingPage"]
    max_count = 1

    class Meta:
        verbose_name = "centre de ressources"
        verbose_name_plural = "centres de ressources"


class ExperienceIndexPage(IndexPage):
    """The experiences that territories share."""

    listing = "ressources.experience_listing.ExperienceListing"

    parent_page_types = ["home.HomePage"]
    subpage_types = ["ressources.ExperiencePage"]
    max_count = 1

    class Meta:
        verbose_name = "liste des expériences"
        verbose_name_plural = "listes des expériences"
