"""A phonetic key for French place names: names spelled by ear meet on the sounds.

Capitals and digits stand for sounds: 1 = ain/in/un, 2 = an/en, 3 = on, S = ch, N = gn, U = ou,
W = oi, Q = eu, Y = the glide of « ill ».
The key is deliberately coarse (s and z, or é, è and a mute e, are one sound): it proposes, edit distances decide.
"""

import re

# Letters without which a rule can't apply (tested first: most words skip most rules), pattern, replacement.
RULES = [
    (needle, re.compile(pattern), replacement)
    for needle, pattern, replacement in (
        ("ph", r"ph", "f"),
        ("ch", r"ch(?=[rl])", "k"),
        ("h", r"s?ch|sh", "S"),
        ("h", r"h", ""),
        ("w", r"w", "v"),
        ("gu", r"gu(?=[eiy])", "G"),
        ("", r"gn|ni(?=[aou])", "N"),
        ("", r"s?c(?=[eiy])|t(?=ions?$)", "s"),
        ("", r"ge(?=[ao])|g(?=[eiy])|dj", "j"),
        ("", r"qu?|c+k?", "k"),
        ("", r"(?<=[aeou])(?:ill?(?=[aeou]|s?$)|y(?=[aeou]))|(?<![vlm])ill(?=[aeouy])", "Y"),
        ("", r"(.)\1+", r"\1"),
        ("au", r"e?au(?:[dtx]|lt)?(?=s?$)|e?au", "o"),
        ("oi", r"oi(?=[nm](?![aeiouyY]))", "W1"),
        ("u", r"oe?u(?=[^aeiouy])|ou", "U"),
        ("", r"oe|eu", "Q"),
        ("a", r"a[eo][nm](?![aeiouy])", "2"),
        ("", r"(?:[ae]?[iy]|u)[nm](?![aeiouyUQ])|(?<=i)en(?=s?$)", "1"),
        ("", r"[ae][nm](?![aeiouyUQ])", "2"),
        ("o", r"o[nm](?![aeiouyUQ])", "3"),
        ("o", r"o[iya]", "W"),
        ("", r"[ae][iy]", "e"),
        ("", r"(?<=[123])[tdpgk](?![aeiouyUWQlr])", ""),
        ("", r"(?<=[iy])ere?s?$", ""),
        ("", r"(?<=[a-zSNUWQY123])e(?:r|rs|z|t|ts|s|nt)?$", ""),
        ("", r"(?<=[a-zSNUWQY123])[tdpsxzg]+$", ""),
        ("", r"(?<=r)[gtdk]$", ""),
        ("G", r"G", "g"),
        ("y", r"y", "i"),
        ("z", r"z", "s"),
        ("x", r"x", "ks"),
        ("", r"(.)\1+", r"\1"),
    )
]


def sound(word: str) -> str:
    """The phonetic key of one folded word; a number is its own key."""
    if word.isdigit():
        return word
    for needle, pattern, replacement in RULES:
        if needle in word:
            word = pattern.sub(replacement, word)
    return word


def phonetic_key(tokens: list[str], known: dict[str, str] | None = None) -> str:
    """The joined keys of the words; ``known`` memorises words while an index is built."""
    if known is None:
        return "".join(map(sound, tokens))
    for token in tokens:
        if token not in known:
            known[token] = sound(token)
    return "".join([known[token] for token in tokens])
