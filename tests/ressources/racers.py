"""Two processes that act at the same instant, on one submission or on one each, in a database of their own.

Run as ``python -m tests.ressources.racers send|accept|accept-each``; prints what each obtained, and what is left.
"""

import json
import os
import sys
import traceback

import django


def prepare() -> list:
    """The submission of each racer, in a site with its list of experiences."""
    from django.core.management import call_command

    from territoires_en_commun.territories.models import Territory
    from tests.factories import TerritoryFactory
    from tests.ressources.submissions import make_draft, make_sent

    call_command("init_site", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115
    if not Territory.objects.exists():
        TerritoryFactory(type="commune", code="23096", name="Guéret")
    if sys.argv[1] == "accept-each":
        return [make_sent(), make_sent()]
    return [make_sent() if sys.argv[1] == "accept" else make_draft()] * 2


def act(submission) -> str:
    """What one racer does; gives what it obtained."""
    from django.core.exceptions import ValidationError

    from ressources import submission_services as services

    try:
        if sys.argv[1] == "send":
            return services.send_submission(submission=submission, relay=True).state
        services.accept_submission(submission=submission, user=None, version=1)
    except ValidationError as error:
        return error.messages[0]
    return "page"


def race(submissions: list) -> list[str]:
    """The results of racers that start when the gate opens."""
    from django.db import connections

    connections.close_all()
    gate, opener = os.pipe()
    results = []
    for submission in submissions:
        read, write = os.pipe()
        if os.fork() == 0:
            os.close(opener)
            os.read(gate, 1)  # ends when the parent closes its side
            try:
                os.write(write, act(submission).encode())
            except BaseException:  # noqa: BLE001 - reported to the parent
                os.write(write, traceback.format_exc().encode()[-2000:])
            os._exit(0)
        os.close(write)
        results.append(read)
    os.close(opener)
    said = [os.read(read, 4096).decode() for read in results]
    for _ in submissions:
        os.wait()
    return sorted(said)


def main():
    django.setup()
    from ressources.models import ExperiencePage
    from territoires_en_commun.base.models import BasePage
    from territoires_en_commun.mailing.models import OutgoingMail
    from tests.ressources.submissions import fresh

    submissions = prepare()
    said = race(submissions)
    found = fresh(submissions[0])
    mails = OutgoingMail.objects.filter(key__startswith=f"submission:{found.uuid}:").order_by("pk")
    purposes = mails.values_list("purpose", flat=True)
    pages = ExperiencePage.objects.filter(external_ref__in=[f"depot:{each.uuid}" for each in submissions]).count()
    if any(problems := BasePage.find_problems()):
        sys.exit(f"The tree is broken: {problems}")
    sys.stdout.write(json.dumps([said, found.state, found.sendings, list(purposes), pages]))


if __name__ == "__main__":
    main()
