"""Why the text of a file could not be read. Without Django: the process that reads files starts at once."""

from enum import StrEnum


class FileProblem(StrEnum):
    """A reason, its name in French, and what an editor can do about it."""

    label: str
    advice: str

    def __new__(cls, key: str, label: str, advice: str):
        member = str.__new__(cls, key)
        member._value_ = key
        member.label = label
        member.advice = advice
        return member

    ENCRYPTED = (
        "chiffre",
        "Protégé par un mot de passe ou chiffré",
        "Enregistrer le fichier sans protection, puis le remplacer.",
    )
    OLD_FORMAT = (
        "ancien",
        "Enregistré dans un ancien format d’Office",
        "Enregistrer le fichier dans le format que dit son nom, puis le remplacer.",
    )
    UNREADABLE = (
        "illisible",
        "Abîmé, ou pas du format que dit son nom",
        "Ouvrir le fichier, l’enregistrer de nouveau, puis le remplacer.",
    )
    EMPTY = (
        "vide",
        "Sans texte : fichier vide, ou pages numérisées en images",
        "Remplacer le fichier par une version dont on peut sélectionner le texte.",
    )
    TOO_LONG = (
        "long",
        "Trop long à lire",
        "Remplacer le fichier par une version plus simple, ou par plusieurs fichiers.",
    )
    TOO_HEAVY = (
        "lourd",
        "Trop lourd à lire : il demande trop de mémoire",
        "Remplacer le fichier par une version plus simple, ou par plusieurs fichiers.",
    )
    MISSING = (
        "introuvable",
        "Introuvable là où le site garde ses fichiers",
        "Déposer de nouveau le fichier.",
    )


class FileRefusedError(Exception):
    """A file that is not read any further."""

    def __init__(self, problem: FileProblem):
        super().__init__(problem.label)
        self.problem = problem
