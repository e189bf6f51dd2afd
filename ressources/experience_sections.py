"""The sections of an experience: each one is told, or said to be « pas encore connu »."""

from typing import NamedTuple

from django.utils.html import strip_tags


class Section(NamedTuple):
    """A section: the field of its text, its title for readers and what its author is asked."""

    name: str
    title: str
    help_text: str

    @property
    def box(self) -> str:
        """The field that says « pas encore connu »."""
        return f"{self.name}_unknown"


CONTEXT = Section("context", "Contexte", "Le territoire, sa situation, ce qui existait déjà.")
PROBLEM = Section("problem", "Problème", "Ce qu’il fallait résoudre, et pour qui.")
APPROACH = Section("approach", "Démarche", "Ce qui a été fait, avec qui et comment.")
RESULTS = Section("results", "Résultats", "Ce qui a changé ; les chiffres vont dans les indicateurs.")
DIFFICULTIES = Section("difficulties", "Difficultés", "Ce qui a freiné, les risques rencontrés.")
TO_REDO = Section("to_redo", "Ce que nous referions autrement", "Le conseil à qui commence demain.")

SECTIONS = (CONTEXT, PROBLEM, APPROACH, RESULTS, DIFFICULTIES, TO_REDO)
NOT_KNOWN = "Pas encore connu"


def is_blank(html: str | None) -> bool:
    """Whether a rich text says nothing: the editor leaves empty paragraphs behind."""
    return not strip_tags((html or "").replace("&nbsp;", " ")).strip()
