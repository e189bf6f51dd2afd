"""« Questions aux inscrits »: what the form of registration asks besides who comes."""

from django import forms
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import FormView
from wagtail.admin import messages

from agenda.models import EventQuestion
from agenda.organisers.session_screens import EventScreen
from agenda.registrations import questions as services

QUESTIONS = "event_questions"
UP, DOWN = "monter", "descendre"
STEPS = {UP: -1, DOWN: 1}
UNKNOWN_MOVE = "Ce bouton n’existe pas : rien n’a changé."


class QuestionForm(forms.ModelForm):
    """One question; what it must say when its answer is personal is checked by the model."""

    class Meta:
        model = EventQuestion
        fields = [
            "label",
            "help_text",
            "kind",
            "choices_text",
            "is_required",
            "is_personal",
            "purpose",
            "retention_days",
        ]
        widgets = {"choices_text": forms.Textarea({"rows": 5})}
        error_messages = {"label": {"required": "Écrivez la question."}}


class MoveForm(forms.Form):
    """One place up or down."""

    question = forms.ModelChoiceField(queryset=EventQuestion.objects.none())
    way = forms.ChoiceField(choices=[(way, way) for way in STEPS])

    def __init__(self, *args, event, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["question"].queryset = event.questions.asked()


class QuestionsView(EventScreen, FormView):
    """The questions of an event, in order, with those that are archived; it posts a new order."""

    form_class = MoveForm
    template_name = "agenda/admin/questions.html"
    page_title = "Questions aux inscrits"
    header_icon = "help"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"event": self.event}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            event=self.event,
            questions=self.event.questions.asked(),
            archived=self.event.questions.filter(is_archived=True),
            **kwargs,
        )

    def form_invalid(self, form):
        messages.error(self.request, UNKNOWN_MOVE)
        return redirect(QUESTIONS, self.event.pk)

    def form_valid(self, form):
        data = form.cleaned_data
        services.move_question(question=data["question"], step=STEPS[data["way"]])
        return redirect(QUESTIONS, self.event.pk)


class QuestionFormView(EventScreen, FormView):
    """The form of a question."""

    form_class = QuestionForm
    template_name = "agenda/admin/question_form.html"
    header_icon = "help"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.question}

    def get_context_data(self, **kwargs):
        return super().get_context_data(event=self.event, question=self.question, **kwargs)

    def write(self, form) -> str:
        """Keep what was typed and say so; raise ValidationError."""
        raise NotImplementedError

    def form_valid(self, form):
        try:
            done = self.write(form)
        except ValidationError as error:
            form.add_error(None, error.messages)
            return self.form_invalid(form)
        messages.success(self.request, done)
        return redirect(QUESTIONS, self.event.pk)


class AddQuestionView(QuestionFormView):
    """A new question."""

    page_title = "Nouvelle question"

    @cached_property
    def question(self) -> EventQuestion:
        return EventQuestion(event=self.event)

    def write(self, form):
        services.add_question(question=form.instance)
        return "La question est ajoutée."


class OneQuestionMixin:
    """About a question that is asked; one that is archived is not found."""

    @cached_property
    def question(self) -> EventQuestion:
        return get_object_or_404(self.event.questions.asked(), pk=self.kwargs["pk"])


class EditQuestionView(OneQuestionMixin, QuestionFormView):
    """A question that is there."""

    page_title = "Modifier la question"

    def write(self, form):
        services.edit_question(question=self.question, values=form.cleaned_data)
        return "La question est enregistrée."

    def get_context_data(self, **kwargs):
        return super().get_context_data(is_answered=services.is_answered(self.question), **kwargs)


class DeleteQuestionView(OneQuestionMixin, EventScreen, FormView):
    """What deleting a question does, then, once posted, does it."""

    form_class = forms.Form
    template_name = "agenda/admin/question_delete.html"
    page_title = "Supprimer la question"
    header_icon = "bin"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            question=self.question,
            is_answered=services.is_answered(self.question),
            cancel_url=reverse(QUESTIONS, args=[self.event.pk]),
            **kwargs,
        )

    def form_valid(self, form):
        is_archived = services.delete_question(question=self.question)
        done = "La question est archivée, avec ses réponses." if is_archived else "La question est supprimée."
        messages.success(self.request, done)
        return redirect(QUESTIONS, self.event.pk)
