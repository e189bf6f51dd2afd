"""Tags of the frame and of its components."""

from django import template

from territoires_en_commun.base.frame import Frame, frame_of

register = template.Library()


@register.simple_tag(takes_context=True)
def frame(context) -> Frame:
    """What base.html shows around the content: ``{% frame as frame %}``."""
    return frame_of(context)
