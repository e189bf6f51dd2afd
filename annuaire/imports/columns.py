"""The columns that an import of actors understands, with the headers of public files."""

from annuaire.hours import DAYS
from territoires_en_commun.base.page_imports.columns import (
    COMMUNE_CODE,
    POSTAL_CODE,
    PROGRAMMES,
    SEVERAL_TERRITORIES,
    SUMMARY,
    THEMES,
)
from territoires_en_commun.imports.kinds import Column

# Any of these tells that a row is the same actor as last time.
IDENTIFIERS = ("external_ref", "siret", "siren", "rna")

COLUMNS = (
    Column(
        name="external_ref",
        label="Identifiant dans le fichier",
        aliases=("matricule", "identifiant", "id", "ref", "référence", "numéro", "code"),
        help_text="Ce qui distingue une ligne d’une autre, d’un import à l’autre.",
    ),
    Column(
        name="title",
        label="Nom",
        required=True,
        aliases=(
            "lib_france_services",
            "nom de la structure",
            "nom de l’organisme",
            "dénomination",
            "raison sociale",
            "structure",
            "organisme",
            "libellé",
            "title",
            "name",
        ),
    ),
    Column(name="acronym", label="Sigle", aliases=("acronyme", "abréviation")),
    Column(name="type", label="Type d’acteur", aliases=("type", "catégorie", "nature", "type de structure")),
    Column(name="siren", label="SIREN", aliases=("numéro siren", "n° siren")),
    Column(name="siret", label="SIRET", aliases=("numéro siret", "n° siret")),
    Column(name="rna", label="Numéro RNA", aliases=("rna", "numéro rna", "n° rna")),
    Column(name="represents", label="Collectivité de (code)", help_text="Code INSEE ou SIREN du territoire."),
    SUMMARY,
    Column(name="description", label="Ce que fait l’acteur", aliases=("description", "présentation", "missions")),
    Column(
        name="address",
        label="Adresse",
        aliases=("adresse postale", "voie", "rue", "adresse 1", "numéro et voie"),
    ),
    Column(
        name="address_extra",
        label="Complément d’adresse",
        aliases=("complément.d.adresse", "complément adresse", "adresse 2"),
    ),
    POSTAL_CODE,
    COMMUNE_CODE,
    Column(
        name="commune",
        label="Commune",
        aliases=("lib_com", "ville", "nom commune", "libellé commune", "nom de la commune", "localité"),
    ),
    Column(name="latitude", label="Latitude", aliases=("lat", "y", "latitude (wgs84)")),
    Column(name="longitude", label="Longitude", aliases=("lon", "lng", "long", "x", "longitude (wgs84)")),
    Column(name="phone", label="Téléphone", aliases=("tel", "tél.", "numéro de téléphone", "telephone")),
    Column(
        name="email",
        label="Adresse e-mail",
        aliases=("e-mail", "email", "mail", "courriel", "adresse mail", "adresse électronique"),
        help_text="Une adresse générique : celle d’une personne se met dans les colonnes du contact.",
    ),
    Column(name="website", label="Site internet", aliases=("site web", "site", "url", "lien", "page web")),
    *(
        Column(name=f"hours_{key}", label=f"Horaires du {day}", aliases=(f"h_{day}", f"horaires {day}", day))
        for key, day, _name in DAYS
    ),
    Column(
        name="opening_note",
        label="Précision sur les horaires",
        aliases=("commentaire.horaires", "commentaire horaires", "remarque horaires"),
    ),
    Column(
        name="territories",
        label="Territoires d’action",
        aliases=("territoire d’action", "territoire", "territoires", "périmètre", "zone d’intervention"),
        help_text=SEVERAL_TERRITORIES,
    ),
    THEMES,
    PROGRAMMES,
    Column(name="verified_on", label="Vérifiée le", aliases=("date de vérification", "date de mise à jour", "maj")),
    Column(name="contact_name", label="Nom du contact", aliases=("contact", "nom contact", "interlocuteur")),
    Column(name="contact_role", label="Fonction du contact", aliases=("fonction", "fonction contact")),
    Column(name="contact_email", label="E-mail du contact", aliases=("mail contact", "courriel contact")),
    Column(name="contact_phone", label="Téléphone du contact", aliases=("tel contact", "téléphone contact")),
)
LABELS = {column.name: column.label for column in COLUMNS}
