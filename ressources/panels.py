"""Panels of the editor of a kit."""

from wagtail.admin.panels import FieldPanel


class OriginalPanel(FieldPanel):
    """The kit that this one adapts: read, never chosen; hidden for the others."""

    def __init__(self, field_name: str, **kwargs):
        super().__init__(field_name, **{"read_only": True, **kwargs})

    class BoundPanel(FieldPanel.BoundPanel):
        def is_shown(self):
            return super().is_shown() and getattr(self.instance, self.field_name) is not None
