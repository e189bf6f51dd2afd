"""The columns that an import of calls understands, with the headers of public files."""

from territoires_en_commun.base.page_imports.columns import (
    A_DAY,
    AN_AMOUNT,
    EXTERNAL_REF,
    PROGRAMMES,
    SEVERAL,
    SEVERAL_TERRITORIES,
    SUMMARY,
    THEMES,
)
from territoires_en_commun.imports.kinds import Column

A_RATE = "En pourcentage, comme 80 %."

COLUMNS = (
    EXTERNAL_REF,
    Column(
        name="title",
        label="Titre",
        required=True,
        aliases=("nom", "intitulé", "libellé", "nom de l’aide", "nom de l’appel", "name"),
    ),
    SUMMARY,
    Column(name="nature", label="Nature", aliases=("type", "type d’appel", "type d’aide")),
    Column(name="recurrence", label="Fréquence", aliases=("récurrence", "périodicité")),
    Column(
        name="opens_on",
        label="Ouverture",
        aliases=("date d’ouverture", "date de début", "début", "start_date"),
        help_text=A_DAY,
    ),
    Column(
        name="prefiling_on",
        label="Pré-dépôt",
        aliases=("date de pré-dépôt", "note d’intention", "predeposit_date"),
        help_text=A_DAY,
    ),
    Column(
        name="closes_on",
        label="Clôture",
        aliases=("date de clôture", "date limite", "échéance", "date de fin", "fin", "submission_deadline"),
        help_text=A_DAY,
    ),
    Column(name="amount_min", label="Montant minimal", aliases=("montant min", "plancher"), help_text=AN_AMOUNT),
    Column(
        name="amount_max", label="Montant maximal", aliases=("montant max", "plafond", "montant"), help_text=AN_AMOUNT
    ),
    Column(
        name="rate_min", label="Taux minimal", aliases=("taux min", "subvention_rate_lower_bound"), help_text=A_RATE
    ),
    Column(
        name="rate_max",
        label="Taux maximal",
        aliases=("taux max", "taux", "subvention_rate_upper_bound"),
        help_text=A_RATE,
    ),
    Column(
        name="beneficiaries",
        label="Qui peut candidater",
        aliases=("bénéficiaires", "bénéficiaire", "cibles", "publics visés", "targeted_audiences"),
        help_text=SEVERAL,
    ),
    Column(
        name="eligible_costs",
        label="Dépenses prises en charge",
        aliases=("dépenses éligibles", "dépenses", "destinations"),
        help_text=SEVERAL,
    ),
    Column(
        name="project_stages",
        label="Avancement du projet",
        aliases=("étapes du projet", "état d’avancement", "mobilization_steps"),
        help_text=SEVERAL,
    ),
    Column(name="description", label="De quoi il s’agit", aliases=("description", "présentation", "objectifs")),
    Column(
        name="eligibility",
        label="Conditions d’éligibilité",
        aliases=("éligibilité", "conditions", "critères", "eligibility"),
    ),
    Column(
        name="territories",
        label="Territoires",
        aliases=("territoire", "périmètre", "zone géographique", "perimeter"),
        help_text=SEVERAL_TERRITORIES,
    ),
    Column(
        name="funders",
        label="Financeurs",
        aliases=("financeur", "porteur", "porteurs", "organisme", "financers"),
        help_text=f"SIREN ou nom d’un acteur de l’annuaire ; un nom inconnu est gardé en toutes lettres. {SEVERAL}",
    ),
    Column(
        name="application_url",
        label="Où candidater",
        aliases=("lien de candidature", "url de candidature", "lien vers la démarche", "application_url"),
    ),
    Column(
        name="source_url",
        label="Annonce officielle",
        aliases=("lien", "url", "page web", "source", "plus d’informations", "origin_url"),
    ),
    Column(
        name="contact_text",
        label="Qui contacter",
        aliases=("contact",),
        help_text="Un service et son adresse générique ; jamais le nom d’une personne.",
    ),
    THEMES,
    PROGRAMMES,
)
