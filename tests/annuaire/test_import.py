"""An import of actors against the directory: created, updated, unchanged, protected, refused."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from annuaire.imports.settings import ActorSettingsForm
from annuaire.models import ActorContact, ActorPage, ContactObjection
from annuaire.models.contacts import fingerprint
from search.documents.preparing import count_waiting
from territoires_en_commun.imports import services
from territoires_en_commun.imports.kinds import ImportRefused, import_kinds, query_dict
from territoires_en_commun.imports.mapping import proposed_mapping
from territoires_en_commun.imports.models import ColumnMapping
from tests.annuaire.build import make_actor
from tests.annuaire.importing import ActorImporter, actor
from tests.factories import ProgrammeFactory, ThemeFactory, UserFactory
from tests.imports.importer import changes, problems, write_one_row
from tests.imports.importer import warnings as all_warnings

pytestmark = pytest.mark.django_db
ROW = {
    "Identifiant": "71",
    "Nom": "Le « Fil »",
    "Adresse": "1 place de la Mairie",
    "Code postal": "23000",
    "Code INSEE": "23096",
    "Commune": "GUERET",
    "lat": "46.17",
    "lon": "1,87",
    "Téléphone": "05.36.49.12.34",
    "Mail": "contact@exemple.fr",
    "Site": "https://exemple.fr/fil",
    "h_lundi": "9:00 - 12:00 / 13:30 - 17:00",
    "h_mardi": "-",
    "h_mercredi": "Horaires non communiqués",
}
SIRET = "55208131766522"
FILE = (";".join(ROW) + "\n" + ";".join(ROW.values())).encode()
FREE = "Importez de nouveau cette ligne quand elle sera libre."


@pytest.fixture
def importer(home, small_france):
    return ActorImporter()


def warnings(row):
    return [message for _column, message in all_warnings(row)]


def test_imported_fiches_are_ready_to_be_found_when_the_import_ends(importer):
    importer.run(*(ROW | {"Identifiant": str(number), "Nom": f"Fil {number}"} for number in range(3)))
    assert ActorPage.objects.live().count() == 3
    assert count_waiting() == 0


def test_fiches_of_a_stopped_import_are_ready_to_be_found(importer):
    write_one_row(importer.simulate(ROW, ROW | {"Identifiant": "72", "Nom": "Autre fil"}))
    assert ActorPage.objects.live().count() == 1
    assert count_waiting() == 0


def test_row_becomes_a_published_fiche(importer, small_france):
    job = importer.run(ROW, name_prefix="France services", verified_on="2026-04-01")
    page = actor("71")
    assert job.counts == {"creation": 1, "modification": 0, "inchangee": 0, "refusee": 0}
    assert page.live
    assert page.title == "France services Le «\u00a0Fil\u00a0»"
    assert page.summary == "Un lieu d’accueil à Guéret."
    assert page.commune == small_france["commune:23096"]
    assert list(page.territories.all()) == [small_france["epci:200034825"]]
    assert list(page.themes.all()) == [importer.theme]
    assert (page.latitude, page.longitude) == (46.17, 1.87)
    assert page.phone.as_e164 == "+33536491234"
    assert page.opening_hours == {
        "mo": "9\u00a0h – 12\u00a0h, 13\u00a0h\u00a030 – 17\u00a0h",
        "tu": "fermé",
    }
    assert (page.source, page.verified_on.isoformat()) == ("Fichier d’essai", "2026-04-01")
    assert page.review_owner == importer.user


def test_import_again_changes_nothing(importer):
    importer.run(ROW)
    revision = actor("71").latest_revision_id
    job = importer.simulate(ROW)
    assert job.counts == {"creation": 0, "modification": 0, "inchangee": 1, "refusee": 0}
    with pytest.raises(ImportRefused):
        importer.write(job)
    assert actor("71").latest_revision_id == revision


def test_file_that_changed_updates_what_it_wrote(importer):
    importer.run(ROW)
    job = importer.simulate(ROW | {"Téléphone": "05 36 49 99 99", "h_mardi": "10h-12h"})
    assert [column for column, _before, _after in changes(job.rows.get())] == ["phone", "hours_mo"]
    assert changes(job.rows.get())[0] == ("phone", "05 36 49 12 34", "05 36 49 99 99")
    importer.write(job)
    page = actor("71")
    assert page.live
    assert (page.phone.as_national, page.opening_hours["tu"]) == ("05 36 49 99 99", "10\u00a0h – 12\u00a0h")


def test_empty_cells_erase_nothing(importer):
    importer.run(ROW)
    job = importer.simulate({"Identifiant": "71", "Nom": "Le « Fil »", "Téléphone": ""})
    assert job.rows.get().action == "inchangee"


def test_correction_by_hand_is_kept_and_told(importer):
    importer.run(ROW)
    page = actor("71")
    page.phone = "05 36 49 00 00"
    page.save_revision().publish()
    row = importer.simulate(ROW).rows.get()
    assert row.action == "inchangee"
    assert warnings(row) == ["Corrigé à la main : « 05 36 49 00 00 » est gardé ; le fichier dit « 05 36 49 12 34 »."]
    row = importer.simulate(ROW, keep_edits=None).rows.get()
    assert changes(row) == [("phone", "05 36 49 00 00", "05 36 49 12 34")]


def test_fiche_written_by_hand_is_completed_not_replaced(importer, small_france):
    page = make_actor(siret=SIRET, title="Écrit à la main", territories=[small_france["commune:23096"]])
    job = importer.run({"SIRET": SIRET, "Nom": "Autre nom", "Mail": "a@exemple.fr"})
    page.refresh_from_db()
    assert (page.title, page.email) == ("Écrit à la main", "a@exemple.fr")
    assert "est gardé" in warnings(job.rows.get())[0]


def test_identifier_is_noted_on_a_fiche_recognised_otherwise(importer, small_france):
    page = make_actor(siret=SIRET, territories=[small_france["commune:23096"]])
    version = page.latest_revision_id
    row = {"Identifiant": "71", "SIRET": SIRET, "Nom": page.title}
    job = importer.simulate(row)
    assert changes(job.rows.get()) == [("external_ref", "", "essai:71")]
    importer.write(job)
    assert (actor("71").pk, actor("71").latest_revision_id) == (page.pk, version)
    assert importer.one({"Identifiant": "71", "Nom": page.title}).target == page.pk
    row = importer.one(row | {"Identifiant": "72"})
    assert (row.action, warnings(row)) == (
        "inchangee",
        ["Cette fiche porte déjà l’identifiant « essai:71 » : « essai:72 » n’est pas retenu."],
    )


def test_siret_comes_before_identifier_then_siren(importer, small_france):
    council = make_actor(siren="200034825", title="Grand Guéret", territories=[small_france["epci:200034825"]])
    importer.run(ROW | {"SIRET": SIRET})
    assert importer.one({"Nom": "x", "SIRET": SIRET}).target == actor("71").pk
    assert importer.one({"Nom": "x", "Identifiant": "71"}).target == actor("71").pk
    assert importer.one({"Nom": "x", "SIREN": "200034825"}).target == council.pk


def test_row_that_means_two_fiches_is_refused(importer, small_france):
    importer.run(ROW)
    make_actor(siret=SIRET, title="Autre", territories=[small_france["commune:23096"]])
    row = importer.one(ROW | {"SIRET": SIRET})
    assert row.action == "refusee"
    assert "celui de la fiche « Autre »" in row.plan["problems"][0]["message"]


def test_establishment_is_attached_to_its_legal_body(importer, small_france):
    body = make_actor(siren=SIRET[:9], title="La maison mère", territories=[small_france["commune:23096"]])
    job = importer.run(ROW | {"SIRET": SIRET})
    assert actor("71").parent_actor == body
    assert "« La maison mère » a ce SIREN" in warnings(job.rows.get())[0]


def test_establishment_is_attached_to_the_legal_body_of_its_own_file(importer):
    body = {"Identifiant": "70", "Nom": "La maison mère", "SIREN": SIRET[:9], "Code INSEE": "23096"}
    job = importer.simulate(body, ROW | {"SIRET": SIRET})
    assert warnings(job.rows.get(line=3)) == ["« La maison mère » a ce SIREN : cette fiche lui sera rattachée."]
    importer.write(job)
    assert job.counts == {"creation": 2, "modification": 0, "inchangee": 0, "refusee": 0}
    assert actor("71").parent_actor == actor("70")


def test_import_interrupted_goes_on_whatever_it_wrote_looks_like(importer):
    job = importer.simulate(ROW, ROW | {"Identifiant": "72"})
    write_one_row(job)
    importer.write(job)
    assert ActorPage.objects.filter(external_ref__in=["essai:71", "essai:72"]).count() == 2


def test_fiche_locked_since_the_simulation_says_so(importer):
    importer.run(ROW)
    job = importer.simulate(ROW | {"Mail": "neuf@exemple.fr"})
    ActorPage.objects.update(locked=True)
    importer.write(job)
    assert job.rows.get().messages == ["La fiche est verrouillée : rien n’y est écrit. " + FREE]


def test_probable_double_is_told(importer, small_france):
    gueret = small_france["commune:23096"]
    make_actor(title="LE FIL", commune=gueret, territories=[gueret])
    assert "Une fiche « LE FIL » existe déjà dans cette commune" in warnings(importer.one(ROW | {"Nom": "Le Fil"}))[0]


def test_incomplete_rows_become_drafts_with_the_reason(importer):
    job = importer.run(ROW, acts_in=None, themes=None)
    assert not actor("71").live
    assert [message for message in warnings(job.rows.get()) if message.startswith("Restera un brouillon.")]
    assert job.rows.get().messages[0].startswith("Enregistrée en brouillon.")


def test_drafts_of_a_former_import_are_published_once_complete(importer):
    importer.run(ROW, publish=None)
    assert not actor("71").live
    job = importer.simulate(ROW)
    assert changes(job.rows.get()) == [("", "brouillon", "publiée")]
    importer.write(job)
    assert actor("71").live
    assert importer.simulate(ROW).rows.get().action == "inchangee"


def test_version_in_progress_is_not_published_by_an_import(importer):
    importer.run(ROW)
    page = actor("71")
    page.title = "Titre en cours"
    page.save_revision()
    importer.run(ROW | {"Mail": "neuf@exemple.fr"})
    page.refresh_from_db()
    assert page.email == "contact@exemple.fr"
    draft = page.get_latest_revision_as_object()
    assert (draft.title, draft.email) == ("Titre en cours", "neuf@exemple.fr")


def test_withdrawn_fiche_is_updated_and_not_published_again(importer):
    importer.run(ROW)
    actor("71").unpublish()
    assert importer.one(ROW).action == "inchangee"
    job = importer.run(ROW | {"Mail": "neuf@exemple.fr"})
    assert warnings(job.rows.get()) == ["Fiche retirée : mise à jour sans être republiée."]
    page = actor("71")
    assert (page.live, page.get_latest_revision_as_object().email) == (False, "neuf@exemple.fr")


def test_draft_made_or_corrected_by_hand_is_not_published(importer, small_france):
    by_hand = "Brouillon écrit ou corrigé à la main : mis à jour sans être publié."
    importer.run(ROW, publish=None)
    page = actor("71")
    page.save_revision(user=importer.user, log_action=True)
    importer.run(ROW | {"Mail": "neuf@exemple.fr"}, publish=None)
    assert importer.one(ROW | {"Mail": "neuf@exemple.fr"}).action == "inchangee"
    job = importer.run(ROW | {"Mail": "autre@exemple.fr"}, keep_edits=None)
    assert (actor("71").live, warnings(job.rows.get())) == (False, [by_hand])
    make_actor(siret=SIRET, live=False, territories=[small_france["commune:23096"]])
    job = importer.run({"SIRET": SIRET, "Nom": "Association fictive", "Mail": "a@exemple.fr"})
    page = ActorPage.objects.get(siret=SIRET)
    assert (page.live, page.get_latest_revision_as_object().email) == (False, "a@exemple.fr")
    assert warnings(job.rows.get()) == [by_hand]


def test_fiche_that_something_holds_is_refused_with_the_reason(importer):
    importer.run(ROW, publish=None)
    page = actor("71")
    state = page.get_workflow().start(page, importer.user)
    changed = ROW | {"Mail": "neuf@exemple.fr"}
    in_review = ("", "La fiche est en relecture : rien n’y est écrit. " + FREE)
    assert problems(importer.one(changed)) == [in_review]
    assert importer.one(ROW).action == "inchangee"
    state.current_task_state.specific.reject(user=UserFactory(is_superuser=True))
    row = importer.one(changed)
    assert (row.action, warnings(row)[-1]) == (
        "modification",
        "La relecture demande des modifications : la fiche est enregistrée en brouillon.",
    )
    ActorPage.objects.update(locked=True)
    assert problems(importer.one(changed)) == [("", "La fiche est verrouillée : rien n’y est écrit. " + FREE)]
    ActorPage.objects.update(locked_by=importer.user)
    assert importer.one(changed).action == "modification"
    page.latest_revision.approved_go_live_at = timezone.now() + timedelta(days=1)
    page.latest_revision.save()
    said = "La fiche attend sa publication programmée : rien n’y est écrit. "
    assert problems(importer.one(changed)) == [("", said + FREE)]
    assert actor("71").get_latest_revision_as_object().email == "contact@exemple.fr"


def test_terms_and_territories_of_the_file_come_before_the_settings(importer, small_france):
    mobility = ThemeFactory(name="Déplacements d’essai", synonyms="trottinettes")
    towns = ProgrammeFactory(name="Programme d’essai", acronym="PEX")
    importer.run(
        ROW | {"Thématiques": "TROTTINETTES", "Programme": "pex", "Territoires": "23 | commune:23096 | Nantes"}
    )
    page = actor("71")
    assert list(page.themes.all()) == [mobility]
    assert list(page.programmes.all()) == [towns]
    assert {place.key for place in page.territories.all()} == {"departement:23", "commune:23096", "commune:44109"}


def test_councils_are_recognised(importer, small_france):
    importer.run(
        {"SIREN": "200034825", "Nom": "Grand Guéret", "Type": "communauté d'agglomération"},
        {"Identifiant": "m", "Nom": "Mairie de Guéret", "Type": "mairie", "Code INSEE": "23096"},
        {"Identifiant": "d", "Nom": "Département", "Type": "département", "Collectivité de (code)": "23"},
    )
    council = ActorPage.objects.get(siren="200034825")
    assert (council.type, council.represents.key, council.live) == ("epci", "epci:200034825", True)
    assert list(council.territories.all()) == [small_france["epci:200034825"]]
    assert actor("m").represents.key == "commune:23096"
    assert actor("d").represents.key == "departement:23"


def test_island_without_intercommunality_acts_in_its_commune(importer):
    importer.run({"Identifiant": "1", "Nom": "Yeu", "Code INSEE": "85113"})
    assert [place.key for place in actor("1").territories.all()] == ["commune:85113"]


def test_contacts_are_hidden_unless_they_agreed(importer):
    row = ROW | {"Contact": "Camille Fictif", "fonction": "directrice", "mail contact": "camille@exemple.fr"}
    importer.run(row)
    assert actor("71").public_contacts == []
    assert actor("71").contacts.get().email == "camille@exemple.fr"
    importer.run(row | {"Identifiant": "72"}, contacts_consented_on="2026-04-01")
    assert [contact.email for contact in actor("72").public_contacts] == ["camille@exemple.fr"]
    assert importer.simulate(row).rows.get().action == "inchangee"


def test_consent_of_a_file_is_that_of_the_people_in_it(importer):
    importer.run(ROW | {"Contact": "Sacha Fictif", "mail contact": "sacha@exemple.fr"})
    importer.run(ROW | {"Téléphone": "05 55 00 00 02"}, contacts_consented_on="2026-04-01")
    assert actor("71").public_contacts == []
    other = {"Contact": "Camille Fictif", "mail contact": "camille@exemple.fr"}
    importer.run(ROW | other, contacts_consented_on="2026-04-01")
    assert [contact.name for contact in actor("71").public_contacts] == ["Camille Fictif"]
    assert actor("71").contacts.get(name="Sacha Fictif").consented_on is None


def test_consent_alone_is_recorded(importer):
    row = ROW | {"Contact": "Camille Fictif", "mail contact": "camille@exemple.fr"}
    importer.run(row)
    job = importer.simulate(row, contacts_consented_on="2026-04-01")
    consent = "affiché, avec son accord du 1er\u00a0avril\u00a02026"
    assert changes(job.rows.get()) == [("contact_name", "caché", consent)]
    importer.write(job)
    contact = actor("71").contacts.get()
    assert (contact.public.email, contact.consented_on) == ("camille@exemple.fr", date(2026, 4, 1))
    assert importer.one(row, contacts_consented_on="2026-04-02").action == "inchangee"


def test_person_of_a_fiche_is_completed(importer):
    row = ROW | {"Contact": "Camille Fictif", "mail contact": "camille@exemple.fr", "fonction": ""}
    importer.run(row)
    importer.run(row | {"fonction": "directrice"}, keep_edits=None)
    assert list(actor("71").contacts.values_list("name", "role")) == [("Camille Fictif", "directrice")]


def test_consent_is_not_proposed_for_the_next_file(importer, client):
    client.force_login(importer.user)
    importer.simulate(ROW, contacts_consented_on="2026-04-01", verified_on="2026-03-01")
    assert "contacts_consented_on" not in ColumnMapping.objects.get().settings
    ColumnMapping.objects.update(settings=importer.answers | {"contacts_consented_on": ["2026-04-01"]})  # of before
    job = services.open_job(kind=importer.kind, user=importer.user, file_name="x.csv", content=FILE)
    services.describe_columns(job, proposed_mapping(importer.kind, job.table.header))
    html = client.get(reverse("imports:settings", args=[job.pk])).content.decode()
    assert ('value="essai"' in html, "2026-04-01" in html) == (True, False)


def test_objection_is_remembered_by_imports(importer):
    ContactObjection.objects.create(fingerprint=fingerprint("Camille@exemple.fr"))
    row = ROW | {"Contact": "Camille Fictif", "mail contact": "camille@exemple.fr"}
    importer.run(row, contacts_consented_on="2026-04-01")
    assert actor("71").public_contacts == []
    contact = ActorContact.objects.get()
    assert (contact.is_public, contact.consented_on) == (False, None)


def test_markup_in_a_cell_stays_text(importer, client):
    importer.run(ROW | {"Nom": "<b>Gras</b>", "Description": "<script>alert(1)</script>"})
    html = client.get(actor("71").url).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html
    assert "&lt;b&gt;Gras&lt;/b&gt;" in html


def test_columns_without_identifier_are_refused(importer):
    with pytest.raises(ImportRefused, match="ferait des doublons"):
        importer.simulate({"Nom": "Seul"})


def test_bad_settings_are_refused(importer):
    bad = {
        "dataset": ["Pas un nom"],
        "summary": ["Accueil {autre}"],
        "review_date": ["2020-01-01"],
        "verified_on": ["2199-01-01"],
        "themes": ["999"],
        "licence": [""],
    }
    form = ActorSettingsForm(query_dict(importer.answers | bad))
    assert set(form.errors) == set(bad)
    for text in ("Accueil {", "{nom.__class__.x}", "{0}"):
        assert "summary" in ActorSettingsForm(query_dict(importer.answers | {"summary": [text]})).errors


def test_only_who_publishes_in_the_directory_imports(importer, client):
    kind = import_kinds.get("acteurs")
    assert kind.allows(importer.user)
    assert not kind.allows(UserFactory())


def test_queries_of_each_unchanged_row_are_few(importer):
    rows = [ROW | {"Identifiant": str(number), "Nom": f"Lieu {number}"} for number in range(6)]
    importer.run(*rows)
    counts = []
    for some in (rows[:2], rows):
        with CaptureQueriesContext(connection) as queries:
            importer.simulate(*some)
        counts.append(len(queries))
    assert (counts[1] - counts[0]) / 4 <= 12


def test_report_links_to_the_fiches(importer):
    job = importer.run(ROW)
    url = reverse("wagtailadmin_pages:edit", args=[actor("71").pk])
    assert import_kinds.get("acteurs").target_urls([row.target for row in job.rows.all()]) == {actor("71").pk: url}
