"""The wizard: file, format, columns, settings, simulation, report."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from territoires_en_commun.imports import services
from territoires_en_commun.imports.csv_files import FileRefused
from territoires_en_commun.imports.forms import ColumnsForm, FileForm, JobsForm, RepairsForm, UploadForm
from territoires_en_commun.imports.kinds import ImportKind, ImportRefused, import_kinds
from territoires_en_commun.imports.mapping import proposed_mapping, remembered
from territoires_en_commun.imports.models import ImportJob, ImportState
from territoires_en_commun.imports.reports import RowsPage, error_lines, report_lines

STEPS = ("Fichier", "Format", "Colonnes", "Réglages", "Simulation et import")
PREVIEW_ROWS = 5
PER_PAGE = 50


class ImportsMixin(WagtailAdminTemplateMixin):
    """For those who may import something."""

    header_icon = "upload"
    page_title = "Imports"
    step: ClassVar[int] = 0

    def dispatch(self, request, *args, **kwargs):
        if not self.is_allowed():
            return permission_denied(request)
        return super().dispatch(request, *args, **kwargs)

    def is_allowed(self) -> bool:
        return bool(import_kinds.allowed_to(self.request.user))

    def get_page_subtitle(self):
        return ""

    def get_breadcrumbs_items(self):
        items = [*super().get_breadcrumbs_items(), {"url": reverse("imports:index"), "label": "Imports"}]
        here = self.get_page_subtitle()
        return [*items, {"url": "", "label": here}] if here else items

    def get_context_data(self, **kwargs):
        steps = [(rank, name) for rank, name in enumerate(STEPS, start=1)] if self.step else []
        return super().get_context_data(steps=steps, step=self.step, **kwargs)


class IndexView(ImportsMixin, TemplateView):
    """What can be imported, and the imports already made."""

    template_name = "imports/admin/index.html"

    def get_context_data(self, **kwargs):
        kinds = import_kinds.allowed_to(self.request.user)
        jobs = ImportJob.objects.filter(kind__in=[kind.name for kind in kinds]).defer("content").select_related("user")
        only_refused, number = JobsForm(self.request.GET).chosen()
        if only_refused:
            jobs = jobs.refused_to(self.request.user, timezone.now())
        page = Paginator(jobs, PER_PAGE).get_page(number)
        return super().get_context_data(kinds=kinds, jobs=page, only_refused=only_refused, **kwargs)


class UploadView(ImportsMixin, FormView):
    """Step 1: the file."""

    template_name = "imports/admin/upload.html"
    form_class = UploadForm
    step = 1

    @cached_property
    def kind(self) -> ImportKind:
        kind = import_kinds.get(self.kwargs["kind"])
        if kind is None:
            raise Http404
        return kind

    def is_allowed(self) -> bool:
        return self.kind in import_kinds.allowed_to(self.request.user)

    def get_page_subtitle(self):
        return f"Importer des {self.kind.label.lower()}"

    def form_valid(self, form):
        file = form.cleaned_data["file"]
        try:
            job = services.open_job(kind=self.kind, user=self.request.user, file_name=file.name, content=file.read())
        except FileRefused as error:
            form.add_error("file", error)
            return self.form_invalid(form)
        return redirect("imports:format", job.pk)

    def get_context_data(self, **kwargs):
        return super().get_context_data(kind=self.kind, **kwargs)


class JobMixin(ImportsMixin):
    """One import."""

    @cached_property
    def job(self) -> ImportJob:
        return get_object_or_404(ImportJob.objects.defer("content"), pk=self.kwargs["pk"])

    def is_allowed(self) -> bool:
        return self.job.kind_object in import_kinds.allowed_to(self.request.user)

    def get_page_subtitle(self):
        return self.job.file_name

    def get_context_data(self, **kwargs):
        return super().get_context_data(job=self.job, kind=self.job.kind_object, **kwargs)


class StepView(JobMixin, FormView):
    """One step of the description, while nothing is simulated."""

    def dispatch(self, request, *args, **kwargs):
        if self.is_allowed() and self.job.state != ImportState.DRAFT:
            return redirect("imports:job", self.job.pk)
        return super().dispatch(request, *args, **kwargs)

    def refuse(self, form, error: ValidationError):
        """The same page, with what is wrong."""
        form.add_error(None, error)
        return self.form_invalid(form)

    @property
    def preview(self) -> dict:
        """The first rows of the file as it is described, or why it can't be read."""
        try:
            table = self.job.table
        except FileRefused as error:
            return {"table": None, "unreadable": " ".join(error.messages)}
        return {"table": table, "first_lines": table.lines[:PREVIEW_ROWS], "unreadable": ""}


class FormatView(StepView):
    """Step 2: encoding and separator, with the first rows as they are read."""

    template_name = "imports/admin/format.html"
    form_class = FileForm
    step = 2

    def get_initial(self):
        return {"encoding": self.job.encoding, "separator": self.job.separator}

    def form_valid(self, form):
        try:
            services.describe_file(self.job, **form.cleaned_data)
        except (FileRefused, ImportRefused) as error:
            return self.refuse(form, error)
        step = "imports:format" if "preview" in self.request.POST else "imports:columns"
        return redirect(step, self.job.pk)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**self.preview, **kwargs)


class ColumnsView(StepView):
    """Step 3: which header gives what."""

    template_name = "imports/admin/columns.html"
    form_class = ColumnsForm
    step = 3

    def dispatch(self, request, *args, **kwargs):
        if self.is_allowed() and self.preview["unreadable"]:
            return redirect("imports:format", self.job.pk)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"kind": self.job.kind_object, "header": self.job.table.header}

    def get_initial(self):
        return self.job.mapping or proposed_mapping(self.job.kind_object, self.job.table.header)

    def form_valid(self, form):
        try:
            services.describe_columns(self.job, form.mapping())
        except ImportRefused as error:
            return self.refuse(form, error)
        return redirect("imports:settings", self.job.pk)

    def get_context_data(self, **kwargs):
        table = self.job.table
        samples = [
            (name, [line.cells[rank] for line in table.lines[:100] if line.cells[rank]][:3])
            for rank, name in enumerate(table.header)
        ]
        known = remembered(self.job.kind_object, table.header) is not None and not self.job.mapping
        return super().get_context_data(samples=samples, is_remembered=known, **kwargs)


class SettingsView(StepView):
    """Step 4: the constants; then the simulation starts."""

    template_name = "imports/admin/settings.html"
    step = 4

    def dispatch(self, request, *args, **kwargs):
        if self.is_allowed() and not self.job.mapping:
            return redirect("imports:columns", self.job.pk)
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self):
        return self.job.kind_object.settings_form

    def get_initial(self):
        kind, known = self.job.kind_object, remembered(self.job.kind_object, self.job.table.header)
        answers = self.job.settings or kind.settings_form.lasting(known.settings if known else {})
        return kind.initial_settings(self.request.user) | kind.settings_form.initial_of(answers)

    def form_valid(self, form):
        try:
            services.start_simulation(self.job, form.answers())
        except (ImportRefused, FileRefused) as error:
            return self.refuse(form, error)
        return redirect("imports:job", self.job.pk)


class JobView(JobMixin, TemplateView):
    """Step 5: progress, simulation to confirm, then report."""

    template_name = "imports/admin/job.html"
    step = 5

    def get(self, request, *args, **kwargs):
        if self.job.state == ImportState.DRAFT:
            return redirect("imports:format", self.job.pk)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        rows = RowsPage(self.job, self.request.GET)
        return super().get_context_data(rows=rows, states=ImportState, **kwargs)


class ProgressView(JobMixin, View):
    """Where the worker stands (JSON: ``state``, ``done``, ``total``, ``working``)."""

    def get(self, request, *args, **kwargs):
        job = self.job
        return JsonResponse(
            {"state": job.get_state_display(), "done": job.done, "total": job.total, "working": job.is_working}
        )


class ActionView(JobMixin, View):
    """A button of the report: one verb, by POST."""

    http_method_names: ClassVar[list[str]] = ["post"]
    verbs: ClassVar = {
        "confirm": services.confirm,
        "stop": services.stop,
        "finish": services.finish,
        "reopen": services.reopen,
        "cancel": services.cancel,
    }

    def post(self, request, *args, **kwargs):
        verb = self.verbs.get(kwargs["verb"])
        if verb is None:
            raise Http404
        pk = self.job.pk
        try:
            verb(self.job)
        except ImportRefused as error:
            messages.error(request, " ".join(error.messages))
            return redirect("imports:job", pk)
        if kwargs["verb"] == "cancel":
            messages.success(request, "L’import est abandonné : rien n’a été écrit, et le fichier est effacé.")
            return redirect("imports:index")
        return redirect("imports:job", pk)


class RepairsView(JobMixin, View):
    """Accept or refuse the repairs, line by line or all at once."""

    http_method_names: ClassVar[list[str]] = ["post"]

    def post(self, request, *args, **kwargs):
        form = RepairsForm(request.POST)
        try:
            if not form.is_valid():
                raise ImportRefused("Choix incompris : rechargez la page.")
            data = form.cleaned_data
            if data["choice"] == "shown":
                services.accept_repairs(self.job, accepted=data["accepted"], shown=data["shown"])
            else:
                lines = self.job.rows.filter(has_repairs=True).values_list("line", flat=True)
                services.accept_repairs(self.job, accepted=list(lines) if data["choice"] == "all" else [])
        except ImportRefused as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, "Vos choix sont notés.")
        page = f"{reverse('imports:job', args=[self.job.pk])}?lignes=reparations"
        return redirect(page)


class DownloadView(JobMixin, View):
    """Refused rows as a file to mend and import again, or the report of every row."""

    def get(self, request, *args, **kwargs):
        if self.job.is_erased:
            raise Http404
        name, lines = {"erreurs": ("lignes-refusees", error_lines), "rapport": ("rapport", report_lines)}[
            kwargs["what"]
        ]
        response = StreamingHttpResponse(lines(self.job), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}-{self.job.pk}.csv"'
        return response
