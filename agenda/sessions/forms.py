"""The forms of the sessions of an event: hours are those of the clocks where it takes place."""

import datetime as dt

from django import forms
from django.utils import timezone
from wagtail.admin.widgets import AdminDateTimeInput

from agenda.events.kinds import Presence
from agenda.models import EventPage, EventSession
from agenda.models.sessions import SEATS
from agenda.sessions.series import Dates, Frequency, Repetition, dates_of_series, on_clocks

MOMENTS = ("starts_at", "ends_at", "opens_at", "closes_at", "cancel_until")
DATES_OF_A_SERIES = ("opens_at", "closes_at", "cancel_until")


class ClockField(forms.DateTimeField):
    """A moment as clocks show it, without time zone: the form says where."""

    widget = AdminDateTimeInput
    default_error_messages = {
        "required": "Indiquez un jour et une heure, par exemple 31/12/2027 14:30.",
        "invalid": "Indiquez un jour et une heure, par exemple 31/12/2027 14:30.",
    }

    def to_python(self, value):
        moment = super().to_python(value)
        return timezone.make_naive(moment) if moment and timezone.is_aware(moment) else moment

    def prepare_value(self, value):
        return value.replace(tzinfo=None) if isinstance(value, dt.datetime) else value


class SessionForm(forms.ModelForm):
    """One session: when, and with which seats."""

    class Meta:
        model = EventSession
        fields = [
            "title",
            "starts_at",
            "ends_at",
            "venue",
            "onsite_capacity",
            "remote_capacity",
            "opens_at",
            "closes_at",
            "cancel_until",
        ]
        field_classes = dict.fromkeys(MOMENTS, ClockField)

    def __init__(self, *args, event: EventPage, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.event = event
        zone = self.instance.zone
        for name in MOMENTS:
            if name in self.fields and (moment := getattr(self.instance, name)):
                self.initial[name] = moment.astimezone(zone).replace(tzinfo=None)
        for presence in Presence:
            if presence not in self.instance.presences and presence not in event.presences:
                self.fields.pop(SEATS[presence], None)

    def clean(self):
        cleaned = super().clean()
        for name in MOMENTS:
            if moment := cleaned.get(name):
                try:
                    cleaned[name] = on_clocks(moment, self.instance.zone)
                except forms.ValidationError as error:
                    self.add_error(name, error)
        return cleaned


class NewSessionForm(SessionForm):
    """A session, or a series of them."""

    frequency = forms.ChoiceField(
        label="Cette séance revient",
        required=False,
        choices=[("", "une seule fois"), *Frequency.choices],
    )
    interval = forms.IntegerField(
        label="Toutes les … fois", required=False, min_value=1, max_value=52, help_text="2 : une fois sur deux."
    )
    count = forms.IntegerField(label="Nombre de séances", required=False, min_value=2)
    until = forms.DateField(label="Ou jusqu’au", required=False)

    def clean(self):
        cleaned = super().clean()
        self.dates: list[Dates] = []
        if not (cleaned.get("starts_at") and cleaned.get("ends_at")) or self.errors:
            return cleaned
        first = Dates(cleaned["starts_at"], cleaned["ends_at"])
        if not cleaned.get("frequency"):
            self.dates = [first]
            return cleaned
        repetition = Repetition(
            frequency=Frequency(cleaned["frequency"]),
            interval=cleaned.get("interval") or 1,
            count=cleaned.get("count"),
            until=cleaned.get("until"),
        )
        try:
            self.dates = dates_of_series(first, repetition, self.instance.zone)
        except forms.ValidationError as error:
            self.add_error("frequency", error)
        return cleaned


class EditSessionForm(SessionForm):
    """A session that is there; a message is asked for another time or place once somebody is registered."""

    message = forms.CharField(
        label="Message aux inscrits",
        help_text="Si l’heure ou le lieu change : chacun le reçoit une fois.",
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    is_acknowledged = forms.BooleanField(
        label="Laisser moins de places que d’inscrits", required=False, help_text="Personne ne perd la sienne."
    )


class MessageForm(forms.Form):
    """What those who are registered read."""

    message = forms.CharField(
        label="Message aux inscrits",
        help_text="Ce qui change, et pourquoi : chacun le reçoit une fois. 1 000 caractères au plus.",
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Écrivez aux inscrits ce qui change, et pourquoi."},
    )
