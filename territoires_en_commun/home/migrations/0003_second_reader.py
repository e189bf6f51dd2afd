"""The review that ``init_site`` made becomes one where nobody approves their own version; its history stays."""

from django.db import migrations

WORKFLOW, TASK = "Relecture puis publication", "Relecture"


def replace_task(apps, source: str, target: str) -> None:
    """Change the type of the task in place: same row, same place in the workflow, same groups."""
    types = apps.get_model("contenttypes.ContentType").objects
    old, new = apps.get_model(source), apps.get_model(target)
    for task in old.objects.filter(name=TASK, workflow_tasks__workflow__name=WORKFLOW):
        groups = list(task.groups.all())
        task.groups.clear()
        old.objects.filter(pk=task.pk)._raw_delete(old.objects.db)  # the row of the parent model stays
        app, _, model = target.lower().partition(".")
        content_type, _ = types.get_or_create(app_label=app, model=model)
        replacement = new(
            task_ptr_id=task.task_ptr_id, name=task.name, active=task.active, content_type_id=content_type.pk
        )
        replacement.save()
        replacement.groups.set(groups)


def apply(apps, schema_editor):
    replace_task(apps, "wagtailcore.GroupApprovalTask", "home.ReviewTask")


def revert(apps, schema_editor):
    replace_task(apps, "home.ReviewTask", "wagtailcore.GroupApprovalTask")


class Migration(migrations.Migration):
    dependencies = [("home", "0002_review_task"), ("contenttypes", "0002_remove_content_type_name")]

    operations = [migrations.RunPython(apply, revert)]
