"""How the values of an actor are compared, shown to the editor and written."""

from dataclasses import dataclass
from typing import Any

from phonenumber_field.phonenumber import to_python as to_phone

from annuaire.hours import shown_hours
from annuaire.kinds import ActorType
from annuaire.models import ActorContact, ActorPage
from territoires_en_commun.base.formats import long_date
from territoires_en_commun.base.page_imports.fields import (
    PROGRAMMES,
    SUMMARY,
    TERRITORIES,
    THEMES,
    TITLE,
    Field,
    label_of,
    plain,
    territory_name,
)


def _phone(value: Any) -> str:
    number = to_phone(str(value)) if value else None
    return number.as_national if number else ""


def _contact(value: dict[str, str]) -> str:
    parts = (value["name"], value["role"], value["email"], _phone(value["phone"]))
    return ", ".join(part for part in parts if part)


@dataclass(frozen=True)
class PointField(Field):
    """Latitude and longitude, written together."""

    def current(self, page: ActorPage, wanted: Any) -> tuple[float, float] | None:
        return None if page.latitude is None else (page.latitude, page.longitude)

    def write(self, page: ActorPage, value: tuple[float, float]) -> None:
        page.latitude, page.longitude = value


@dataclass(frozen=True)
class ContactField(Field):
    """One person of the actor; the others stay as they are."""

    def current(self, page: ActorPage, wanted: dict[str, str]) -> dict[str, str] | None:
        same = contact_like(page, wanted)
        return None if same is None else contact_values(same)

    def write(self, page: ActorPage, value: dict[str, str]) -> None:
        write_contact(page, value)


FIELDS = (
    TITLE,
    Field("acronym"),
    Field("type", label_of(ActorType)),
    Field("siren"),
    Field("siret"),
    Field("rna"),
    Field("represents"),
    SUMMARY,
    Field("description", plain),
    Field("address"),
    Field("address_extra"),
    Field("postal_code"),
    Field("commune", territory_name),
    PointField("point", lambda value: f"{value[0]:.6f}, {value[1]:.6f}", "latitude"),
    Field("website"),
    Field("email"),
    Field("phone", _phone),
    Field(
        "opening_hours",
        lambda value: " ; ".join(f"{day} : {hours}" for day, hours in shown_hours(value)),
        "hours_mo",
    ),
    Field("opening_note"),
    TERRITORIES,
    THEMES,
    PROGRAMMES,
    Field("verified_on", long_date),
    ContactField("contact", _contact, "contact_name"),
)


def contact_values(contact: ActorContact) -> dict[str, str]:
    """What an import may say of a contact."""
    phone = contact.phone.as_e164 if contact.phone else ""
    return {"name": contact.name, "role": contact.role, "email": contact.email, "phone": phone}


def contact_like(page: ActorPage, wanted: dict[str, str]) -> ActorContact | None:
    """The contact of the same address, else of the same name."""
    people = page.contacts.get_object_list()  # those that the page keeps: all() reads others each time
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
