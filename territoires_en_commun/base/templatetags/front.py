"""Tags of the frame and of its components."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from django import forms, template
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from territoires_en_commun.base.frame import Frame, frame_of, menu_entries
from territoires_en_commun.base.models import CustomImage
from territoires_en_commun.base.pictures import picture
from territoires_en_commun.base.site_info import SiteInfo

register = template.Library()


@register.simple_tag(takes_context=True)
def frame(context) -> Frame:
    """What base.html shows around the content: ``{% frame as frame %}``."""
    return frame_of(context)


@register.simple_tag
def site_header(frame: Frame) -> SafeString:
    """The header, rendered once for all the pages that show the same one."""
    return rendered_header(frame.site, frame.menu_section, frame.menu_page)


@register.simple_tag
def site_footer(frame: Frame) -> SafeString:
    """The footer, rendered once while the site and its accessibility status stay what they are."""
    return rendered_footer(frame.site, frame.site.accessibility_status)


@lru_cache(maxsize=256)
def rendered_header(site: SiteInfo, section: int | None, page: int | None) -> SafeString:
    context = {"site": site, "navigation": menu_entries(site.menu, section, page)}
    return render_to_string("components/header.html", context)


@lru_cache(maxsize=16)
def rendered_footer(site: SiteInfo, _status: str) -> SafeString:
    return render_to_string("components/footer.html", {"site": site})


@register.simple_tag
def responsive_picture(image: CustomImage, alt: str, shape: str) -> SafeString:
    """An image in several formats and sizes, as ``{% responsive_picture image alt "card" %}``; see picture.html."""
    return picture(image, alt, shape)


@register.filter
def with_credit(caption: str, credit: str) -> str:
    """« Un samedi de marché – Crédit : Commune d’exemple »; empty when nothing is said of a picture."""
    return " – ".join(filter(None, (caption, credit and f"Crédit\u00a0: {credit}")))


@dataclass(frozen=True)
class Control:
    """A bound field as components/form_field.html shows it."""

    field: BoundField

    @property
    def id(self) -> str:
        """Identifier of the field itself, or of what surrounds a group of choices."""
        return self.field.auto_id

    @property
    def is_group(self) -> bool:
        """Whether the field is a set of buttons, which needs a legend (RGAA 11.5)."""
        return isinstance(self.field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)

    @property
    def is_checkbox(self) -> bool:
        return isinstance(self.field.field.widget, forms.CheckboxInput)

    @property
    def css_class(self) -> str:
        widget = self.field.field.widget
        if isinstance(widget, forms.CheckboxInput):
            return ""
        if isinstance(widget, forms.Select):
            return "fr-select"
        return "fr-upload" if isinstance(widget, forms.FileInput) else "fr-input"

    @property
    def group_class(self) -> str:
        widget = self.field.field.widget
        if isinstance(widget, forms.CheckboxSelectMultiple):  # a RadioSelect too, for Django
            return "fr-checkbox-group"
        return "fr-radio-group" if isinstance(widget, forms.RadioSelect) else f"{self.css_class}-group"

    @cached_property
    def attributes(self) -> dict[str, str | bool]:
        """What the widget needs besides what its form gave it."""
        own = self.field.field.widget.attrs
        classes = " ".join(filter(None, [own.get("class", ""), self.css_class]))
        described = " ".join(filter(None, [own.get("aria-describedby", ""), f"{self.id}-messages"]))
        attributes = {"aria-describedby": described}
        if classes:
            attributes["class"] = classes
        if self.field.errors:
            attributes["aria-invalid"] = "true"
        return attributes

    @property
    def widget(self) -> SafeString:
        return self.field.as_widget(attrs=self.attributes)

    @property
    def options(self) -> list[dict[str, str]]:
        """The buttons of a group: their ``tag``, ``id`` and ``label``."""
        return [self.option(button.data) for button in self.field.subwidgets]

    def option(self, data: dict) -> dict[str, str]:
        attributes = {"type": data["type"], "name": data["name"], "value": str(data["value"]), **data["attrs"]}
        if self.field.errors:
            attributes["aria-invalid"] = "true"
        return {
            "tag": format_html("<input{}>", flatatt(attributes)),
            "id": data["attrs"].get("id", ""),
            "label": data["label"],
        }


@register.simple_tag
def dsfr_field(field: BoundField) -> Control:
    """``{% dsfr_field field as control %}``: how a field is shown in DSFR."""
    return Control(field)
