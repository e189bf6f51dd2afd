"""The columns that every import of pages understands, with the headers of public files."""

from territoires_en_commun.imports.kinds import Column

SEVERAL = "Plusieurs valeurs se séparent par une barre verticale ( | )."
SEVERAL_TERRITORIES = f"Noms ou codes (INSEE, SIREN de l’intercommunalité, numéro du département). {SEVERAL}"

A_DAY = "Comme 31/12/2026, 2026-12-31 ou 31 décembre 2026."
AN_AMOUNT = "Comme 10 000 €, 500 k€ ou 1,5 M€."

EXTERNAL_REF = Column(
    name="external_ref",
    label="Identifiant dans le fichier",
    required=True,
    aliases=("identifiant", "id", "ref", "référence", "numéro", "code"),
    help_text="Ce qui distingue une ligne d’une autre, d’un import à l’autre.",
)
SUMMARY = Column(name="summary", label="Résumé", aliases=("chapô", "résumé court"))
THEMES = Column(name="themes", label="Thématiques", aliases=("thématique", "thème", "thèmes"), help_text=SEVERAL)
PROGRAMMES = Column(name="programmes", label="Programmes", aliases=("programme", "dispositif"), help_text=SEVERAL)
POSTAL_CODE = Column(name="postal_code", label="Code postal", aliases=("code_postal", "cp", "codepostal"))
COMMUNE_CODE = Column(
    name="commune_code",
    label="Code INSEE de la commune",
    aliases=("insee_com", "code insee", "insee", "code commune", "codeinsee", "cog", "code_commune_insee"),
)
