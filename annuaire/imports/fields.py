"""How the values of an actor are compared, shown to the editor and written."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.html import strip_tags
from phonenumber_field.phonenumber import to_python as to_phone

from annuaire.hours import shown_hours
from annuaire.kinds import ActorType
from annuaire.models import ActorContact, ActorPage


def _names(values: Any) -> str:
    return ", ".join(sorted(str(value) for value in values))


def _territories(values: Any) -> str:
    return ", ".join(sorted(f"{value.name} ({value.code})" for value in values))


def _phone(value: Any) -> str:
    number = to_phone(str(value)) if value else None
    return number.as_national if number else ""


def _contact(value: dict[str, str]) -> str:
    parts = (value["name"], value["role"], value["email"], _phone(value["phone"]))
    return ", ".join(part for part in parts if part)


@dataclass(frozen=True)
class Field:
    """A field of the fiche: how its value reads, where it is, how it is written."""

    name: str
    show: Callable[[Any], str] = str
    column: str = ""

    @property
    def shown_column(self) -> str:
        """The column that the editor is told about."""
        return self.column or self.name

    def current(self, page: ActorPage, wanted: Any) -> Any:
        """What the fiche holds; for the contact, the one of the same person."""
        if self.name == "point":
            return None if page.latitude is None else (page.latitude, page.longitude)
        if self.name == "contact":
            same = contact_like(page, wanted)
            return None if same is None else contact_values(same)
        value = getattr(page, self.name)
        return list(value.all()) if hasattr(value, "all") else value

    def text(self, value: Any) -> str:
        """A value as an editor reads it; empty for none."""
        return self.show(value) if value else ""

    def write(self, page: ActorPage, value: Any) -> None:
        if self.name == "point":
            page.latitude, page.longitude = value
        elif self.name == "contact":
            write_contact(page, value)
        else:
            setattr(page, self.name, value)


FIELDS = (
    Field("title"),
    Field("acronym"),
    Field("type", lambda value: str(ActorType(value).label)),
    Field("siren"),
    Field("siret"),
    Field("rna"),
    Field("represents"),
    Field("summary"),
    Field("description", lambda value: strip_tags(value.replace("</p><p>", "\n")).strip()),
    Field("address"),
    Field("address_extra"),
    Field("postal_code"),
    Field("commune", lambda value: f"{value.name} ({value.code})"),
    Field("point", lambda value: f"{value[0]:.6f}, {value[1]:.6f}", "latitude"),
    Field("website"),
    Field("email"),
    Field("phone", _phone),
    Field(
        "opening_hours",
        lambda value: " ; ".join(f"{day} : {hours}" for day, hours in shown_hours(value)),
        "hours_mo",
    ),
    Field("opening_note"),
    Field("territories", _territories),
    Field("themes", _names),
    Field("programmes", _names),
    Field("verified_on", lambda value: date_format(value, "j F Y")),
    Field("contact", _contact, "contact_name"),
)


def contact_values(contact: ActorContact) -> dict[str, str]:
    """What an import may say of a contact."""
    phone = contact.phone.as_e164 if contact.phone else ""
    return {"name": contact.name, "role": contact.role, "email": contact.email, "phone": phone}


def contact_like(page: ActorPage, wanted: dict[str, str]) -> ActorContact | None:
    """The contact of the same address, else of the same name."""
    people = list(page.contacts.all())
    same = [one for one in people if wanted["email"] and one.email.casefold() == wanted["email"].casefold()]
    same += [one for one in people if one.name.casefold() == wanted["name"].casefold()]
    return same[0] if same else None


def write_contact(page: ActorPage, wanted: dict[str, str]) -> None:
    """Complete the contact of the same person, or add it; what the row lacks stays."""
    contact = contact_like(page, wanted)
    is_new = contact is None
    if contact is None:
        contact = ActorContact()
    for name, value in wanted.items():
        if value:
            setattr(contact, name, value)
    if is_new:
        page.contacts.add(contact)
    else:
        page.contacts = list(page.contacts.all())
