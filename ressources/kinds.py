"""What resources are, and what they ask of those who use them."""

from django.db import models


class KitKind(models.TextChoices):
    """What a resource is."""

    KIT = "kit", "kit"
    TOOL = "outil", "outil"
    GUIDE = "guide", "guide"
    METHOD = "methode", "méthode"
    TEMPLATE = "modele", "modèle"
    GAME = "jeu", "jeu"


class SetUpTime(models.TextChoices):
    """The time from opening a kit to having done what it is for."""

    HOUR = "heure", "une heure"
    HALF_DAY = "demi-journee", "une demi-journée"
    DAY = "jour", "une journée"
    WEEK = "semaine", "une semaine"
    MONTH = "mois", "un mois"
    QUARTER = "trimestre", "trois mois"
    SEMESTER = "semestre", "six mois"
    YEAR = "annee", "un an"
    LONGER = "plus", "plus d’un an"


# ISO 8601; what is longer than a year has no measure.
ISO_SET_UP_TIMES = {
    SetUpTime.HOUR: "PT1H",
    SetUpTime.HALF_DAY: "PT4H",
    SetUpTime.DAY: "P1D",
    SetUpTime.WEEK: "P1W",
    SetUpTime.MONTH: "P1M",
    SetUpTime.QUARTER: "P3M",
    SetUpTime.SEMESTER: "P6M",
    SetUpTime.YEAR: "P1Y",
}


class Level(models.TextChoices):
    """The experience that a kit supposes."""

    BEGINNER = "debutant", "pour débuter"
    SOME = "intermediaire", "une première expérience aide"
    ADVANCED = "confirme", "pour des équipes expérimentées"


class Cost(models.TextChoices):
    """What using a kit costs, time of the teams aside."""

    FREE = "gratuit", "gratuit"
    LOW = "moins-1000", "moins de 1\u202f000\u00a0€"
    MEDIUM = "moins-10000", "de 1\u202f000 à 10\u202f000\u00a0€"
    HIGH = "plus-10000", "plus de 10\u202f000\u00a0€"


class TrainingMode(models.TextChoices):
    """Where a training takes place."""

    ON_SITE = "presentiel", "en présentiel"
    REMOTE = "distance", "à distance"
    BLENDED = "hybride", "hybride (sur place et à distance)"
    MOOC = "mooc", "cours en ligne ouvert à tous (MOOC)"
