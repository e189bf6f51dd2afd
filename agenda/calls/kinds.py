"""What calls for projects are, what they pay for and where they stand."""

from django.db import models


class CallNature(models.TextChoices):
    """What kind of call it is."""

    PROJECTS = "aap", "appel à projets"
    INTEREST = "ami", "appel à manifestation d’intérêt"
    CANDIDATES = "candidature", "appel à candidatures"
    CONTEST = "concours", "concours"
    PERMANENT = "permanent", "dispositif permanent"


class Recurrence(models.TextChoices):
    """How often the call comes back."""

    ONCE = "ponctuel", "une seule fois"
    YEARLY = "annuel", "chaque année"
    OFTEN = "plusieurs-par-an", "plusieurs fois par an"


class EligibleCost(models.TextChoices):
    """What the money may be spent on."""

    INVESTMENT = "investissement", "travaux et équipements"
    STUDIES = "ingenierie", "études et ingénierie"
    LAND = "foncier", "acquisitions foncières et immobilières"
    STAFF = "personnel", "postes et salaires"
    RUNNING = "fonctionnement", "fonctionnement"
    TRAINING = "formation", "formation"
    OUTREACH = "animation", "animation et communication"


class ProjectStage(models.TextChoices):
    """How far a project must be."""

    IDEA = "reflexion", "réflexion"
    DESIGN = "conception", "études et conception"
    WORK = "realisation", "réalisation"
    USE = "usage", "usage et valorisation"


class CallStatus(models.TextChoices):
    """Where a call stands: computed from its dates, never stored."""

    UPCOMING = "a-venir", "à venir"
    OPEN = "ouvert", "ouvert"
    CLOSING = "imminent", "clôture imminente"
    CLOSED = "clos", "clos"
    AWARDED = "laureats", "lauréats publiés"


IS_OPEN = (CallStatus.OPEN, CallStatus.CLOSING)
IS_OVER = (CallStatus.CLOSED, CallStatus.AWARDED)
