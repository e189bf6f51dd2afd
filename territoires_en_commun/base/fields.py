"""Fields shared by the rooms."""

from typing import Any

from wagtail.blocks.stream_block import StreamValue
from wagtail.fields import StreamField


class SlimStreamField(StreamField):
    """A StreamField whose blocks stay out of migrations.

    Adding, changing or renaming a block then makes no migration. In a migration the field has no
    block: it hands stored data through untouched, so that a data migration which saves the row loses
    nothing and ``MigrateStreamData`` can still rename or rewrite top-level blocks.
    """

    def __init__(self, block_types: Any = (), **kwargs):
        super().__init__(block_types, **kwargs)

    def deconstruct(self):
        name, path, _, kwargs = super().deconstruct()
        del kwargs["block_lookup"]
        return name, path, [], kwargs

    def to_python(self, value):
        if not self.stream_block.child_blocks and isinstance(value, list) and value and isinstance(value[0], dict):
            stream = StreamValue(self.stream_block, value, is_lazy=True)
            stream._stream_field = self
            return stream
        return super().to_python(value)
