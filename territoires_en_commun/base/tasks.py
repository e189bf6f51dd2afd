"""Work done after the response, by the worker."""

from django_tasks import task
from modelsearch import index


@task()
def reindex_pages(page_ids: list[int]) -> None:
    """Write pages to the search index again, after a change that their own save did not see."""
    from territoires_en_commun.base.models import BasePage

    for start in range(0, len(page_ids), 100):
        for page in BasePage.objects.filter(pk__in=page_ids[start : start + 100]).specific():
            index.insert_or_update_object(page)


@task()
def prepare_pictures(image: int) -> None:
    """Make the renditions of an image that pages show, so that no visitor waits for an AVIF to be encoded."""
    from territoires_en_commun.base.models import CustomImage
    from territoires_en_commun.base.pictures import SHAPES, SOCIAL_PICTURE, picture

    found = CustomImage.objects.filter(pk=image).first()
    if found is not None:
        for shape in SHAPES:
            picture(found, "", shape)
        found.get_rendition(SOCIAL_PICTURE)


@task()
def note_links_of_page(page: int) -> None:
    """Note the links of a page that was just published."""
    from territoires_en_commun.base.dead_links.finding import note_links
    from territoires_en_commun.base.models import BasePage

    note_links(BasePage.objects.live().filter(pk=page).specific())


@task()
def check_link_again(link: int) -> None:
    """Check one address at the request of an editor."""
    from territoires_en_commun.base.dead_links.checking import check_link
    from territoires_en_commun.base.models import LinkCheck

    if found := LinkCheck.objects.filter(pk=link).first():
        check_link(found)
