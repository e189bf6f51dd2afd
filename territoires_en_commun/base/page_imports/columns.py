"""The columns that every import of pages understands, with the headers of public files."""

from territoires_en_commun.imports.kinds import Column

SEVERAL = "Plusieurs valeurs se séparent par une barre verticale ( | )."
SEVERAL_TERRITORIES = f"Noms ou codes (INSEE, SIREN de l’intercommunalité, numéro du département). {SEVERAL}"

SUMMARY = Column(name="summary", label="Résumé", aliases=("chapô", "résumé court"))
THEMES = Column(name="themes", label="Thématiques", aliases=("thématique", "thème", "thèmes"), help_text=SEVERAL)
PROGRAMMES = Column(name="programmes", label="Programmes", aliases=("programme", "dispositif"), help_text=SEVERAL)
