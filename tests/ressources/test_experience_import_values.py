"""The cells of an import of experiences, whatever is typed in them."""

from hypothesis import example, given
from hypothesis import strategies as st

from ressources.imports import rows, values
from territoires_en_commun.base.page_imports.values import Notes

LIKELY = st.from_regex(r"[0-9/ :=(),.%a-z\u00a0€-]{0,40}", fullmatch=True)


@given(st.text(max_size=60) | LIKELY)
@example("9" * 40)
@example("a = " + "9" * 40 + " ans")
@example("٣/٢٠٢٤ : Titre")
@example("a = ٣ personnes")
def test_any_text_is_read_or_told(text):
    notes = Notes()
    source = rows.read_source(notes, text)
    read = [rows.read_steps(notes, text), rows.read_indicators(notes, text, source)]
    read += [values.read_cost(notes, "cost", text), values.read_fte(notes, "fte", text)]
    read += [values.read_bound(notes, "started_on", text, values.FIRST_DAY)]
    assert not text.strip() or any(read) or any(source) or notes.problems or notes.warnings
