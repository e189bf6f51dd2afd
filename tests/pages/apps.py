from django.apps import AppConfig


class TestPagesConfig(AppConfig):
    """A content page type of the tests alone: it stands for the page types of the rooms."""

    name = "tests.pages"
    label = "test_pages"
    default_auto_field = "django.db.models.BigAutoField"
