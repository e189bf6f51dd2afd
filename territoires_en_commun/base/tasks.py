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
def make_pictures_of_page(page: int) -> None:
    """Make the renditions of the images of a page, those of its texts and of its gallery too, so that no visitor waits
    for an AVIF to be encoded."""
    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import ReferenceIndex

    from territoires_en_commun.base.models import BasePage, CustomImage
    from territoires_en_commun.base.pictures import SHAPES, SOCIAL_PICTURE, picture

    found = BasePage.objects.filter(pk=page).specific().first()
    if found is None:
        return
    ReferenceIndex.create_or_update_for_object(found)  # the one made by the save may not be written yet
    references = ReferenceIndex.get_references_for_object(found)
    images = references.filter(to_content_type=ContentType.objects.get_for_model(CustomImage))
    for image in CustomImage.objects.filter(pk__in=list(images.values_list("to_object_id", flat=True))):
        for shape in SHAPES:
            picture(image, "", shape)
        image.get_rendition(SOCIAL_PICTURE)


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
