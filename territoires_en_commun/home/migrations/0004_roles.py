"""The roles of the editing space exist as soon as the database does; groups that exist already are left alone.

The table is read as it is today, on purpose: a site built today gets today's roles. Rights on models that come with a
later migration are given by ``init_site`` on a new site, and by ``init_site --completer-roles`` on one in service.
"""

from django.conf import settings
from django.db import migrations

from territoires_en_commun.home.roles import ROLES, create_roles


def create(apps, schema_editor):
    create_roles(apps)


def remove(apps, schema_editor):
    """A role that somebody has, or that a review calls for, stays."""
    unused = apps.get_model("auth.Group").objects.filter(user=None, reviewtask=None)
    unused.filter(name__in=[role.name for role in ROLES]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0003_second_reader"),
        ("blog", "0001_initial"),
        ("ressources", "0001_initial"),
        ("base", "0009_links_and_audiences"),
        ("imports", "0001_initial"),
        ("mailing", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0011_add_choose_permissions"),
        ("wagtailimages", "0023_add_choose_permissions"),
        ("wagtailredirects", "0001_initial"),
    ]

    operations = [migrations.RunPython(create, remove)]
