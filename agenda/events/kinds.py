"""What events are, where their sessions stand, and who is registered."""

from zoneinfo import ZoneInfo

from django.db import models


class EventKind(models.TextChoices):
    """What kind of event it is."""

    WORKSHOP = "atelier", "atelier"
    WEBINAR = "webinaire", "webinaire"
    MEETING = "rencontre", "rencontre"
    TRAINING = "formation", "formation"
    VISIT = "visite", "visite"
    OTHER = "autre", "autre événement"


class EventMode(models.TextChoices):
    """How one takes part in an event."""

    ONSITE = "presentiel", "en présentiel"
    REMOTE = "distance", "à distance"
    HYBRID = "hybride", "en présentiel et à distance"


class Presence(models.TextChoices):
    """How one person takes part; each way has its own seats."""

    ONSITE = "presentiel", "sur place"
    REMOTE = "distance", "à distance"


PRESENCES = {
    EventMode.ONSITE: (Presence.ONSITE,),
    EventMode.REMOTE: (Presence.REMOTE,),
    EventMode.HYBRID: (Presence.ONSITE, Presence.REMOTE),
}


class SessionStatus(models.TextChoices):
    """What became of a session since it was announced; « complet » is counted, never stored."""

    SCHEDULED = "prevue", "prévue"
    RESCHEDULED = "replanifiee", "replanifiée"
    MOVED_ONLINE = "en-ligne", "passée en ligne"
    POSTPONED = "reportee", "reportée"
    CANCELLED = "annulee", "annulée"


TAKES_PLACE = (SessionStatus.SCHEDULED, SessionStatus.RESCHEDULED, SessionStatus.MOVED_ONLINE)


class RegistrationWay(models.TextChoices):
    """How one registers."""

    NONE = "aucune", "sans inscription"
    EXTERNAL = "externe", "sur un autre site"
    INTERNAL = "interne", "sur cette plateforme"


class RegistrationState(models.TextChoices):
    """Where a registration stands; moved by ``registrations.services`` only."""

    TO_CONFIRM = "a-confirmer", "à confirmer"
    AWAITING = "validation", "en attente de validation"
    CONFIRMED = "confirmee", "confirmée"
    WAITING = "attente", "sur liste d’attente"
    OFFERED = "proposee", "place proposée"
    CANCELLED = "annulee", "annulée"
    REFUSED = "refusee", "refusée"
    PRESENT = "presente", "présente"
    ABSENT = "absente", "absente"


# Those that hold a seat. One that awaits approval holds one or not, as its event says.
SEATED = (
    RegistrationState.CONFIRMED,
    RegistrationState.OFFERED,
    RegistrationState.PRESENT,
    RegistrationState.ABSENT,
)
# Those of a person who is coming.
COMING = (RegistrationState.CONFIRMED, RegistrationState.PRESENT, RegistrationState.ABSENT)
ENDED = (RegistrationState.CANCELLED, RegistrationState.REFUSED)
# Those that count as the registration of an address for a session: a form that nobody confirmed is none yet.
ACTIVE = tuple(state for state in RegistrationState if state not in (*ENDED, RegistrationState.TO_CONFIRM))


class QuestionKind(models.TextChoices):
    """How a question to registrants is answered."""

    TEXT = "texte", "texte court"
    LONG_TEXT = "texte-long", "texte long"
    CHOICE = "choix", "une réponse parmi plusieurs"
    CHOICES = "choix-multiples", "plusieurs réponses parmi plusieurs"
    YES_NO = "oui", "case à cocher"


class TeamRole(models.TextChoices):
    """What one does for an event without editing its page."""

    ORGANISER = "organisation", "organisation : séances, inscriptions, messages, exports"
    DOOR = "accueil", "accueil : pointer les personnes qui arrivent, rien d’autre"


class AccessMeasure(models.TextChoices):
    """What is prepared so that everybody may come and follow."""

    WHEELCHAIR = "fauteuil", "accès en fauteuil roulant"
    PARKING = "stationnement", "stationnement réservé"
    HEARING_LOOP = "boucle", "boucle magnétique"
    SIGN_LANGUAGE = "lsf", "interprétation en langue des signes (LSF)"
    CAPTIONS = "sous-titrage", "sous-titrage en direct (vélotypie)"
    AUDIO_DESCRIPTION = "audiodescription", "audiodescription"
    EASY_READ = "falc", "documents faciles à lire (FALC)"
    ACCESSIBLE_DOCUMENTS = "documents", "documents lisibles par un lecteur d’écran"


# The legal times of France, by what one calls the place.
ZONES = {
    "Europe/Paris": "Métropole (heure de Paris)",
    "America/Guadeloupe": "Guadeloupe, Saint-Barthélemy, Saint-Martin",
    "America/Martinique": "Martinique",
    "America/Cayenne": "Guyane",
    "Indian/Reunion": "La Réunion",
    "Indian/Mayotte": "Mayotte",
    "America/Miquelon": "Saint-Pierre-et-Miquelon",
    "Pacific/Noumea": "Nouvelle-Calédonie",
    "Pacific/Tahiti": "Polynésie française (Tahiti)",
    "Pacific/Marquesas": "Polynésie française (îles Marquises)",
    "Pacific/Gambier": "Polynésie française (îles Gambier)",
    "Pacific/Wallis": "Wallis-et-Futuna",
}
PARIS = "Europe/Paris"


def zone(name: str) -> ZoneInfo:
    """The time zone of a name of ``ZONES``."""
    return ZoneInfo(name)
