"""The twenty articles of the demonstration: complete, in French, and fictitious where they say so."""

from collections import Counter

import pytest

from blog.demo import load_articles
from blog.models import ArticlePage
from territoires_en_commun.base.publication import publication_gaps
from territoires_en_commun.home.setup.demo import reviewer
from tests.factories import PartnerFactory

pytestmark = pytest.mark.django_db
PARTNERS = (
    "Réseau fictif des bourgs vivants",
    "Agence imaginaire des transitions",
    "Fédération de démonstration des tiers-lieux",
)


def test_demonstration_is_complete_says_what_is_fictitious_and_is_loaded_once(home):
    for name in PARTNERS:
        PartnerFactory(name=name)
    assert len(list(load_articles(reviewer()))) == 20
    articles = {article.slug: article for article in ArticlePage.objects.live()}
    kinds = Counter(article.kind for article in articles.values())
    assert kinds == dict.fromkeys(("actualite", "reportage", "entretien", "focus"), 5)
    for article in articles.values():
        assert publication_gaps(article) == [], article
        assert "sont inventés" in article.body[0].value["text"].source
        if article.kind in {"reportage", "entretien"}:
            assert article.title.endswith(("(récit fictif)", "(entretien fictif)"))
    interview = articles["d-abord-de-la-patience"]
    assert [block.block_type for block in interview.body] == ["alert", "text"]
    assert [block.value["question"] for block in interview.questions] == [
        "À quoi ressemble votre journée\u00a0?",
        "Que demande-t-on le plus souvent\u00a0?",
        "Quand savez-vous que c’est gagné\u00a0?",
    ]
    assert [link.target.slug for link in interview.links.all()] == ["conseillers-numeriques-4000-postes"]
    assert list(load_articles(reviewer())) == []
    articles["l-anct-mode-d-emploi"].delete()
    assert list(load_articles(reviewer())) == [
        "Article « L’Agence nationale de la cohésion des territoires, mode d’emploi » créé."
    ]
