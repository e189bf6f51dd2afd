"""What actors are, how far their fiche can be trusted, where their point comes from."""

from django.db import models

from territoires_en_commun.territories.models import TerritoryType


class ActorType(models.TextChoices):
    """What an actor is."""

    COMMUNE = "commune", "commune"
    EPCI = "epci", "intercommunalité"
    DEPARTEMENT = "departement", "département"
    REGION = "region", "région"
    STATE = "etat", "État ou service déconcentré"
    OPERATOR = "operateur", "opérateur public"
    SYNDICATE = "syndicat", "syndicat, PETR ou pays"
    ASSOCIATION = "association", "association"
    SOCIAL_ECONOMY = "ess", "entreprise de l’économie sociale et solidaire"
    COMPANY = "entreprise", "entreprise"
    RESEARCH = "recherche", "université ou recherche"
    NETWORK = "reseau", "réseau ou fédération"
    COLLECTIVE = "collectif", "collectif citoyen"
    OTHER = "autre", "autre"


# What the council of each kind of local authority may be the council of: Martinique and Mayotte are single
# collectivités, counted as régions or as départements.
REPRESENTED = {
    ActorType.COMMUNE: {TerritoryType.COMMUNE},
    ActorType.EPCI: {TerritoryType.EPCI, TerritoryType.EPT},
    ActorType.DEPARTEMENT: {TerritoryType.DEPARTEMENT},
    ActorType.REGION: {TerritoryType.REGION, TerritoryType.DEPARTEMENT},
}


class SheetStatus(models.TextChoices):
    """How far the fiche of an actor can be trusted; moved by services only."""

    UNCLAIMED = "non-revendiquee", "non revendiquée"
    CLAIMED = "revendiquee", "revendiquée"
    TO_CHECK = "a-verifier", "à vérifier"


class PointSource(models.TextChoices):
    """Where the point of an actor comes from, hence how far it can be trusted."""

    GIVEN = "adresse", "adresse"
    COMMUNE = "commune", "centre de la commune"
