"""What an organiser does to one registration, alone or among others: each by a service, each with its outcome."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from agenda.events.kinds import ENDED, RegistrationState
from agenda.models import Registration
from agenda.registrations import services
from agenda.sessions.times import hour
from territoires_en_commun.mailing.composing import check_body

State = RegistrationState
MAX_REASON = 500
REASON_NEEDED = "Écrivez la raison : la personne la lira."
NOT_CHECKED_IN = "Cette personne n’est notée ni présente ni absente : elle est {state}."
ERASED = "Les données de cette personne sont effacées : son inscription ne change plus."
PASSED = (State.PRESENT, State.ABSENT)


class ReasonForm(forms.Form):
    """Why somebody is refused, or not expected any more."""

    reason = forms.CharField(
        label="Raison",
        help_text=f"La personne la lira. {MAX_REASON} caractères au plus.",
        max_length=MAX_REASON,
        widget=forms.Textarea({"rows": 3}),
        error_messages={
            "required": REASON_NEEDED,
            "max_length": f"{MAX_REASON} caractères au plus (%(show_value)s saisis).",
        },
    )

    def __init__(self, *args, label: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label

    def clean_reason(self) -> str:
        return check_body(self.cleaned_data["reason"], "Raison")


@dataclass(frozen=True, kw_only=True)
class Verb:
    """Something to do to a registration, in the states where it makes sense."""

    label: str
    states: tuple[State, ...]
    run: Callable[..., Registration]
    reason: str = ""  # what it is called, when one is asked
    is_serious: bool = False

    def form(self, data=None, **kwargs) -> forms.Form:
        """What is asked before."""
        return ReasonForm(data, label=self.reason, **kwargs) if self.reason else forms.Form(data, **kwargs)

    def apply(self, registration: Registration, *, by, reason: str = "") -> Registration:
        """Do it; the registration as it is then. Raise ValidationError when it makes no sense, in French."""
        if registration.erased_at:
            raise ValidationError(ERASED)
        return self.run(registration, by=by, reason=reason)

    def suits(self, registration: Registration, now: datetime) -> bool:
        """Whether it is offered for this registration, at this time."""
        if registration.erased_at or registration.state not in self.states:
            return False
        return self.run is not _cancel or now < registration.session.ends_at


def _approve(registration: Registration, *, by, reason: str = "") -> Registration:
    return services.approve(registration=registration, by=by)


def _refuse(registration: Registration, *, by, reason: str) -> Registration:
    return services.refuse(registration=registration, by=by, reason=reason)


def _cancel(registration: Registration, *, by, reason: str) -> Registration:
    if registration.state in ENDED:
        raise ValidationError(services.ENDED_ALREADY.format(state=registration.get_state_display()))
    return services.cancel_registration(registration=registration, by=by, reason=reason)


def _check_in(registration: Registration, *, by, reason: str = "") -> Registration:
    done, is_first = services.check_in(registration=registration, by=by)
    if not is_first:
        moment = timezone.localtime(done.checked_in_at, done.session.zone)
        raise ValidationError(f"Cette personne est déjà pointée, à {hour(moment)}.")
    return done


def _undo(registration: Registration, *, by, reason: str = "") -> Registration:
    if registration.state not in PASSED:
        raise ValidationError(NOT_CHECKED_IN.format(state=registration.get_state_display()))
    return services.undo_check_in(registration=registration, by=by)


CANCELLABLE = (State.TO_CONFIRM, State.AWAITING, State.CONFIRMED, State.WAITING, State.OFFERED)
VERBS = {
    "approuver": Verb(label="Approuver", states=(State.AWAITING,), run=_approve),
    "pointer": Verb(label="Noter présente", states=(State.CONFIRMED, State.ABSENT), run=_check_in),
    "depointer": Verb(label="Revenir sur le pointage", states=PASSED, run=_undo),
    "refuser": Verb(label="Refuser", states=(State.AWAITING,), run=_refuse, reason="Raison du refus", is_serious=True),
    "annuler": Verb(
        label="Annuler l’inscription",
        states=CANCELLABLE,
        run=_cancel,
        reason="Raison de l’annulation",
        is_serious=True,
    ),
}
