"""The health of contents: what should be mended in the published pages."""
