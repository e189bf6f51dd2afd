"""What is typed and what is official meet on the same letters and sounds."""

import pytest

from territoires_en_commun.territories.search.normalise import compact, skeleton, tokenise, without_article
from territoires_en_commun.territories.search.phonetics import sound
from territoires_en_commun.territories.search.query import as_code, as_numbered_city, readings


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Saint-Étienne", ["saint", "etienne"]),
        ("ST ETIENNE", ["saint", "etienne"]),
        ("ste. marie", ["sainte", "marie"]),
        ("L’Haÿ-les-Roses", ["l", "hay", "les", "roses"]),
        ("Vandœuvre-lez-Nancy", ["vandoeuvre", "les", "nancy"]),
        ("Aulnay s/s Bois", ["aulnay", "sous", "bois"]),
        ("vitry s/ seine", ["vitry", "sur", "seine"]),
        ("  double   espace ", ["double", "espace"]),
        ("e\u0301pinay", ["epinay"]),
        ("日本 \u200f", []),
        ("", []),
    ],
)
def test_tokenise_folds(typed, expected):
    assert tokenise(typed) == expected


def test_compact_joins_words_written_apart_or_together():
    assert compact(tokenise("St-Étienne")) == compact(tokenise("saintetienne"))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("Le Havre", ["havre"]), ("Havre (Le)", ["havre"]), ("L'Isle-Adam", ["isle", "adam"]), ("La", ["la"])],
)
def test_without_article_drops_it_before_or_after(typed, expected):
    assert without_article(tokenise(typed)) == expected


def test_skeleton_keeps_the_words_that_carry_the_name():
    assert skeleton(tokenise("Chalon-sur-Saône")) == ["chalon", "saone"]
    assert skeleton(["les", "en"]) == ["les", "en"]


@pytest.mark.parametrize(
    ("official", "by_ear"),
    [
        ("saintes", "sintes"),
        ("bordeaux", "bordo"),
        ("quimper", "kimper"),
        ("toulouse", "toulouze"),
        ("marseille", "marseye"),
        ("angers", "anje"),
        ("chatellerault", "chatelero"),
        ("perpignan", "perpinian"),
        ("caen", "kan"),
        ("charleville", "charlevil"),
    ],
)
def test_sound_is_the_same_by_ear(official, by_ear):
    assert sound(official) == sound(by_ear)


@pytest.mark.parametrize(
    ("one", "other"), [("bordeaux", "bourg"), ("lyon", "laon"), ("nantes", "nancy"), ("paris", "brest")]
)
def test_sound_tells_names_apart(one, other):
    assert sound(one) != sound(other)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("44000", "44000"),
        ("44 000", "44000"),
        ("2a004", "2a004"),
        ("200 046 977", "200046977"),
        ("200.046.977", "200046977"),
        ("213 300 635 00017", "21330063500017"),
        ("23", "23"),
        ("nantes", ""),
        ("44000 nantes", ""),
        ("123456", ""),
        ("٤٤٠٠٠", ""),
    ],
)
def test_as_code_reads_official_and_postal_codes(typed, expected):
    assert as_code(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("paris 12e", ("paris", "12", True)),
        ("Paris 12ème arrondissement", ("paris", "12", True)),
        ("12e arrondissement de Paris", ("paris", "12", True)),
        ("paris XIIe", ("paris", "12", True)),
        ("marseille 13", ("marseille", "13", False)),
        ("lyon", None),
    ],
)
def test_as_numbered_city_reads_arrondissements(typed, expected):
    assert as_numbered_city(typed) == expected


def test_readings_find_the_institution_and_the_departement():
    areas = {"93": frozenset({"93"})}
    found = [(reading.tokens, reading.kinds, reading.departements) for reading in readings("Mairie du Havre", areas)]
    assert found == [(["mairie", "du", "havre"], frozenset(), None), (["le", "havre"], frozenset({"commune"}), None)]
    hinted = readings("saint-denis (93)", areas)
    assert (hinted[1].tokens, hinted[1].departements) == (["saint", "denis"], frozenset({"93"}))


def test_readings_forget_cedex():
    assert readings("Nantes CEDEX 03", {})[0].tokens == ["nantes"]
