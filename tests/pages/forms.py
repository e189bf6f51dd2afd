"""What the page editor posts for a content page of the tests."""

from wagtail.test.utils.form_data import nested_form_data, rich_text

from tests.pages.models import ContentPage


def form_data(page: ContentPage, action: str = "", **fields) -> dict:
    """The values of the page, some replaced, and the button pressed: « publish », « submit », « cancel-workflow »…

    « approve » is pressed in the editor: it saves the page too.
    """
    data = {
        "title": page.title,
        "slug": page.slug,
        "summary": page.summary,
        "body": rich_text(page.body) if page.body else "null",
        "licence": page.licence,
        "review_date": page.review_date or "",
        "review_owner": page.review_owner_id or "",
        "go_live_at": "",
        "expire_at": "",
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000},
        **fields,
    }
    data = nested_form_data(data) | {"themes": [theme.pk for theme in page.themes.all()]}
    if action == "approve":
        data |= {"action-workflow-action": "1", "workflow-action-name": action}
    elif action:
        data[f"action-{action}"] = "1"
    return data
