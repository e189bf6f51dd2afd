"""The site that ``make run`` gives, less the whole map."""

from django.core.management import call_command


def fill_demo():
    for command in ("init_site", "load_demo"):
        call_command(command, verbosity=0)
