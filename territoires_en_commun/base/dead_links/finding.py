"""Which addresses the published pages lead to, and from which fields; what a visitor reads, never a draft."""

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urldefrag, urljoin, urlsplit

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.text import capfirst
from modelcluster.models import get_all_child_relations
from wagtail.documents import get_document_model
from wagtail.models import get_page_models

from territoires_en_commun.base.models import BasePage, LinkCheck, LinkUse
from territoires_en_commun.base.streams import RichTextReader, is_address, is_rich_text, leaves

CHUNK = 200
MAX_LENGTH = LinkCheck._meta.get_field("url").max_length
NOT_ADDRESSES = {"mailto", "tel", "sms"}


def links_of(page: BasePage) -> set[tuple[str, str]]:
    """The addresses that a version of a page leads to: the field, and the address in its one form."""
    return _links_of([page])[0]


def normalise(href: str, base: str = "") -> str:
    """An address in the form under which it is checked, without fragment; empty when there is nothing to ask."""
    href = (href or "").strip()
    if not href or href.startswith("#"):
        return ""
    try:
        url = urldefrag(urljoin(base or f"{settings.SITE_URL}/", href)).url
        parts = urlsplit(url)
        if parts.scheme in NOT_ADDRESSES:
            return ""
        netloc = _in_ascii(parts.netloc.lower())
        url = parts._replace(scheme=parts.scheme.lower(), netloc=netloc, path=parts.path or "/").geturl()
    except ValueError:
        url = href  # the check will say that it is malformed
    url = iri_to_uri(url)
    return url if len(url) <= MAX_LENGTH else ""


def _in_ascii(netloc: str) -> str:
    """A host as the DNS knows it (RFC 3490): « médiévale.fr » is xn--mdivale-byac.fr. Raise ValueError."""
    host, colon, port = netloc.partition(":")
    return netloc if netloc.isascii() else host.encode("idna").decode() + colon + port


def _links_of(pages: list[BasePage]) -> list[set[tuple[str, str]]]:
    """As ``links_of``, for several pages, with one query for the pages that they lead to and one for the documents."""
    hrefs: list[set[tuple[str, str]]] = []
    inner: list[set[tuple[str, str, int]]] = []
    for page in pages:
        base = settings.SITE_URL + (page.get_url() or "/")
        addresses, keys = set(), set()
        for leaf in leaves(page):
            if is_address(leaf):
                addresses.add((leaf.field, normalise(leaf.value)))
            elif is_rich_text(leaf):
                for anchor in RichTextReader(leaf.value).anchors:
                    addresses.add((leaf.field, normalise(anchor.href, base)))
                    keys |= {(leaf.field, "page", anchor.page)} if anchor.page else set()
                    keys |= {(leaf.field, "document", anchor.document)} if anchor.document else set()
        hrefs.append(addresses)
        inner.append(keys)
    all_keys = set().union(*inner)
    urls = {
        "page": _urls_of({key for _, kind, key in all_keys if kind == "page"}),
        "document": _document_urls({key for _, kind, key in all_keys if kind == "document"}),
    }
    return [
        {(field, url) for field, url in addresses | {(f, urls[kind].get(key, "")) for f, kind, key in keys} if url}
        for addresses, keys in zip(hrefs, inner, strict=True)
    ]


def _urls_of(keys: set[int]) -> dict[int, str]:
    """The address of each page, published or not: a link to a page that is not leads nowhere."""
    pages = BasePage.objects.filter(pk__in=keys).only("url_path") if keys else ()
    return {page.pk: settings.SITE_URL + url for page in pages if (url := page.get_url())}


def _document_urls(keys: set[int]) -> dict[int, str]:
    """The address of each document; one that was deleted has no name left, and leads nowhere."""
    documents = get_document_model().objects.filter(pk__in=keys).only("file") if keys else ()
    names = dict.fromkeys(keys, "") | {document.pk: document.filename for document in documents}
    return {key: normalise(reverse("wagtaildocs_serve", args=[key, name])) for key, name in names.items()}


def note_links(pages: Iterable[BasePage]) -> None:
    """Write down the links of these pages (specific, as published) in place of those noted before."""
    pages = list(pages)
    links = _links_of(pages)
    urls = sorted({url for found in links for _, url in found})
    with transaction.atomic():
        LinkCheck.objects.bulk_create([LinkCheck(url=url) for url in urls], ignore_conflicts=True)
        keys = dict(LinkCheck.objects.filter(url__in=urls).values_list("url", "pk"))
        LinkUse.objects.filter(page__in=[page.pk for page in pages]).delete()
        LinkUse.objects.bulk_create(
            [
                LinkUse(page_id=page.pk, field=field, link_id=keys[url])
                for page, found in zip(pages, links, strict=True)
                for field, url in sorted(found)
            ],
            ignore_conflicts=True,
        )


def note_all_links(progress: Callable[[Iterable], Iterable] = iter) -> int:
    """Note the links of every published page, forget what no page leads to any more; return how many are left."""
    for pages in progress(list(_chunks())):
        note_links(pages[0].objects.live().filter(pk__in=pages[1]))
    LinkUse.objects.filter(page__live=False).delete()
    LinkCheck.objects.filter(uses=None).delete()
    return LinkCheck.objects.count()


def _chunks() -> Iterator[tuple[type[BasePage], list[int]]]:
    """Keys of published pages of one type, a few at a time."""
    for model in get_page_models():
        keys = list(model.objects.live().exact_type(model).values_list("pk", flat=True))
        for start in range(0, len(keys), CHUNK):
            yield model, keys[start : start + CHUNK]


def labels_of_fields(uses: Iterable[tuple[type[BasePage], str]]) -> dict[tuple[type[BasePage], str], str]:
    """How editors name each field of each page type: « Site internet », « Pièces : adresse »."""
    return {use: _label(*use) for use in set(uses)}


def _label(model: type[BasePage], path: str) -> str:
    relations = {relation.get_accessor_name(): relation for relation in get_all_child_relations(model)}
    name, _, inner = path.partition(".")
    try:
        if inner and name in relations:
            child = relations[name].related_model._meta
            return f"{capfirst(child.verbose_name_plural)} : {child.get_field(inner).verbose_name}"
        return capfirst(str(model._meta.get_field(name).verbose_name))
    except FieldDoesNotExist:
        return path
