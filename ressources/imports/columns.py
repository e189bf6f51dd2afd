"""The columns that an import of experiences understands, with the headers of public files."""

from ressources.experience_sections import SECTIONS, Section
from territoires_en_commun.base.page_imports.columns import (
    COMMUNE_CODE,
    EXTERNAL_REF,
    POSTAL_CODE,
    PROGRAMMES,
    SEVERAL,
    SEVERAL_TERRITORIES,
    SUMMARY,
    THEMES,
)
from territoires_en_commun.imports.kinds import Column

A_DAY_OR_MONTH = "Un jour ou un mois : 12/03/2024, 2024-03-12, mars 2024 ou 2024-03."
OR_UNKNOWN = "« Pas encore connu » ou « inconnu » coche la case du même nom."
SEVERAL_LINES = "par ligne de la cellule, ou séparées par une barre verticale ( | )"
ALIASES = {
    "context": ("présentation", "territoire et contexte", "situation de départ"),
    "problem": ("problématique", "enjeux", "enjeu", "besoin"),
    "approach": ("mise en œuvre", "action", "actions", "description", "méthode"),
    "results": ("résultat", "bilan", "effets", "impact"),
    "difficulties": ("difficulté", "freins", "obstacles", "risques"),
    "to_redo": ("à refaire", "à retenir", "enseignements", "conseils", "si c’était à refaire"),
}


def section_column(section: Section) -> Column:
    """The text of a section."""
    help_text = f"{section.help_text} {OR_UNKNOWN}"
    return Column(name=section.name, label=section.title, aliases=ALIASES[section.name], help_text=help_text)


COLUMNS = (
    EXTERNAL_REF,
    Column(
        name="title",
        label="Titre",
        required=True,
        aliases=("nom", "intitulé", "libellé", "nom du projet", "nom de la démarche", "projet", "name"),
    ),
    SUMMARY,
    Column(
        name="place",
        label="Territoire de l’expérience",
        aliases=("commune", "lib_com", "ville", "lieu", "nom de la commune", "collectivité", "territoire", "localité"),
        help_text="Une commune, ou une intercommunalité, un département, une région : son nom, son code, "
        "« 23000 Guéret » ou « Guéret (23) ».",
    ),
    COMMUNE_CODE,
    POSTAL_CODE,
    Column(
        name="holder",
        label="Porteur",
        aliases=("porteur du projet", "structure porteuse", "structure", "organisme", "acteur", "siren"),
        help_text="SIREN, SIRET ou nom d’un acteur de l’annuaire.",
    ),
    Column(
        name="actors",
        label="Acteurs associés",
        aliases=("autres acteurs", "partenaires", "partenaire", "acteurs"),
        help_text=f"SIREN, SIRET ou nom d’acteurs de l’annuaire. {SEVERAL}",
    ),
    Column(
        name="project_status",
        label="État du projet",
        aliases=("état", "statut", "avancement", "état d’avancement", "statut du projet"),
    ),
    Column(
        name="started_on",
        label="Début",
        aliases=("date de début", "commencé le", "année de début", "date", "start_date"),
        help_text=A_DAY_OR_MONTH,
    ),
    Column(
        name="ended_on",
        label="Fin",
        aliases=("date de fin", "terminé le", "année de fin", "end_date"),
        help_text=A_DAY_OR_MONTH,
    ),
    *map(section_column, SECTIONS),
    Column(
        name="steps",
        label="Étapes",
        aliases=("étape", "étapes datées", "étapes clés", "calendrier", "dates clés", "frise"),
        help_text=f"Une {SEVERAL_LINES} : « 2024-03 : Titre » ou « 12/03/2024 : Titre – ce qui s’est passé ».",
    ),
    Column(
        name="indicators",
        label="Indicateurs",
        aliases=("indicateur", "chiffres", "chiffres clés", "mesures"),
        help_text=f"Un {SEVERAL_LINES.replace('séparées', 'séparés')} : « habitants aux ateliers = 120 personnes "
        "(registre de la mairie, 06/2024) ». Entre parenthèses : la source ou son adresse, puis la date.",
    ),
    Column(
        name="source",
        label="Source des indicateurs",
        aliases=("source", "sources", "lien", "url", "page web", "site", "site web"),
        help_text="Un document ou une adresse, pour les indicateurs qui n’en disent pas.",
    ),
    Column(
        name="cost",
        label="Coût",
        aliases=("coût total", "budget", "budget total", "montant"),
        help_text=f"Comme 12 500 €, 99,90 € ou 10 k€, toutes taxes comprises. {OR_UNKNOWN}",
    ),
    Column(
        name="fte",
        label="Temps passé",
        aliases=("etp", "temps de travail", "moyens humains", "équivalent temps plein"),
        help_text=f"En équivalents temps plein sur un an, comme 0,5 ETP. {OR_UNKNOWN}",
    ),
    Column(
        name="contact_email",
        label="Adresse du contact",
        aliases=("e-mail", "email", "mail", "courriel", "contact", "mail contact", "adresse e-mail"),
        help_text="Jamais montrée : les messages des lecteurs lui sont transmis. La personne doit en être d’accord.",
    ),
    Column(
        name="territories",
        label="Autres territoires concernés",
        aliases=("territoires", "territoires concernés", "périmètre", "zone géographique"),
        help_text=SEVERAL_TERRITORIES,
    ),
    THEMES,
    PROGRAMMES,
    Column(
        name="audiences",
        label="Publics",
        aliases=("public", "public cible", "publics visés", "bénéficiaires"),
        help_text=SEVERAL,
    ),
)
