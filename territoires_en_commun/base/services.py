"""Verbs of the governed lists and of publication: merge, retire, reactivate, delete, cancel a schedule."""

import logging
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model, ProtectedError
from wagtail.log_actions import log
from wagtail.models import ReferenceIndex, Revision

from territoires_en_commun.base.models import BasePage, Term, Theme
from territoires_en_commun.base.notices import warn_of_cancelled_schedule
from territoires_en_commun.base.publication import Gap
from territoires_en_commun.base.tasks import reindex_pages
from territoires_en_commun.base.term_revisions import places_of
from territoires_en_commun.base.term_signals import term_merging, term_retired
from territoires_en_commun.base.term_uses import links_to, pages_using, term_uses

logger = logging.getLogger(__name__)


class TermError(ValidationError):
    """A refused operation on a term; ``message`` says why, in French."""


class TermInUse(ProtectedError):  # noqa: N818 - it reads as what happened
    """A term was not deleted because it is used; ``message`` gives the counts."""

    def __init__(self, term: Term, reasons: list[str]):
        self.term = term
        self.message = f"« {term} » ne peut pas être supprimé : {', '.join(reasons)}."
        super().__init__(self.message, {term})


@dataclass
class MergeResult:
    """What a merge changed: pages, revisions, sub-themes, other rows, and other rows that were duplicates."""

    pages: int = 0
    revisions: int = 0
    children: int = 0
    rows: int = 0
    duplicates: int = 0


def deletion_obstacles(term: Term) -> list[str]:
    """Why a term can't be deleted, in French with counts; empty when nothing would be lost."""
    reasons = term_uses(term).sentences()
    if term.replaced_by_id:
        reasons.append(f"ses anciennes adresses mènent à « {term.replaced_by} »")
    return reasons


def check_deletion(term: Term) -> None:
    """Raise TermInUse if the term is used; called before any deletion, one by one or in bulk."""
    if reasons := deletion_obstacles(term):
        raise TermInUse(term, reasons)


def check_merge(*, source: Term, target: Term) -> None:
    """Raise TermError when a merge makes no sense."""
    if type(source) is not type(target):
        raise TermError("Les deux termes ne sont pas de la même liste.")
    if source.pk == target.pk:
        raise TermError("Un terme ne peut pas être fusionné avec lui-même.")
    if source.replaced_by_id:
        raise TermError(f"« {source} » a déjà été fusionné avec « {source.replaced_by} ».")
    if target.replaced_by_id:
        raise TermError(f"« {target} » a été fusionné avec « {target.replaced_by} » : choisissez ce dernier.")
    if not target.is_active:
        raise TermError(f"« {target} » est retiré : réactivez-le avant d’y fusionner un autre terme.")
    if isinstance(source, Theme) and target.parent_id and source.children.exists():
        raise TermError(
            f"« {source} » a des sous-thématiques et « {target} » est au second niveau : il n’y a que deux niveaux."
        )


def merge_term(*, source: Term, target: Term, user=None) -> MergeResult:
    """Replace ``source`` by ``target`` everywhere, and keep the source as a redirection of its old addresses.

    Pages, every revision that could be published or restored, sub-themes and rows of other models are rewritten in
    one transaction. Where both terms were present the target is kept once. Raise TermError when refused.
    """
    check_merge(source=source, target=target)
    with transaction.atomic():
        ordered = sorted([source.pk, target.pk])
        locked = {
            term.pk: term
            for term in type(source).objects.select_for_update(of=("self",)).filter(pk__in=ordered).order_by("pk")
        }
        if len(locked) < len(set(ordered)):
            raise TermError("Un des deux termes n’existe plus.")
        source, target = locked[source.pk], locked[target.pk]
        check_merge(source=source, target=target)
        term_merging.send(type(source), source=source, target=target, user=user)
        result = MergeResult()
        touched = set(pages_using(source).values_list("pk", flat=True))
        result.pages = len(touched)
        result.revisions = _rewrite_revisions(source, target)
        for model, field in links_to(type(source)):
            _move_rows(model, field, source, target, result)
        if isinstance(source, Theme):
            result.children = _move_children(source, target)
        type(source).objects.filter(replaced_by=source).update(replaced_by=target)
        source.is_active = False
        source.replaced_by = target
        source.save()
        log(
            instance=source,
            action="terms.merge",
            user=user,
            data={"target": {"id": target.pk, "name": target.name}, **vars(result)},
        )
        _refresh_references(source, target)
        transaction.on_commit(lambda: reindex_pages.enqueue(sorted(touched)))
    return result


def _rewrite_revisions(source: Term, target: Term) -> int:
    """Rewrite every revision that holds the source; return how many there were."""
    rewritten: set[int] = set()
    for place in places_of(type(source)):
        ids = list(place.find(source.pk).values_list("pk", flat=True))
        for start in range(0, len(ids), 200):
            revisions = list(Revision.objects.filter(pk__in=ids[start : start + 200]))
            for revision in revisions:
                place.replace(revision.content, source.pk, target.pk)
            # Not save(): Wagtail reads it as the cancellation of a schedule.
            Revision.objects.bulk_update(revisions, ["content"])
        rewritten.update(ids)
    return len(rewritten)


def _move_rows(model: type[Model], field, source: Term, target: Term, result: MergeResult) -> None:
    """Point the rows of a model at the target; a row that would be a duplicate of one already there goes away."""
    rows = model._default_manager.filter(**{field.name: source})
    try:
        with transaction.atomic():
            moved, duplicates = rows.update(**{field.name: target}), 0
    except IntegrityError:
        moved, duplicates = _move_one_by_one(rows, field, target)
    if not model._meta.auto_created and not issubclass(model, BasePage):
        result.rows += moved
        result.duplicates += duplicates


def _move_one_by_one(rows, field, target: Term) -> tuple[int, int]:
    moved = duplicates = 0
    for row in list(rows):
        try:
            with transaction.atomic():
                type(row)._default_manager.filter(pk=row.pk).update(**{field.name: target})
            moved += 1
        except IntegrityError:
            type(row)._default_manager.filter(pk=row.pk).delete()
            duplicates += 1
    return moved, duplicates


def _move_children(source: Theme, target: Theme) -> int:
    """Sub-themes follow; one that has a namesake under the target is merged with it."""
    namesakes = {theme.name.casefold(): theme for theme in target.children.filter(replaced_by__isnull=True)}
    count = 0
    for child in source.children.all():
        namesake = namesakes.get(child.name.casefold()) if child.replaced_by_id is None else None
        if namesake is not None and not namesake.is_active and child.is_active:
            raise TermError(f"« {namesake} » est retiré sous « {target} » : réactivez-le avant de fusionner.")
        if namesake is not None:
            merge_term(source=child, target=namesake)
        type(child).objects.filter(pk=child.pk).update(parent=target)
        count += 1
    return count


def _refresh_references(source: Term, target: Term) -> None:
    """Wagtail's usage pages follow foreign keys; queryset updates bypass its signals."""
    content_type = ContentType.objects.get_for_model(source)
    for _, field in links_to(type(source)):
        ReferenceIndex.objects.filter(
            to_content_type=content_type, to_object_id=str(source.pk), model_path=field.name
        ).update(to_object_id=str(target.pk))


def rename_term(*, term: Term, name: str, user=None) -> Term:
    """Change the name and keep the slug, hence the addresses. Raise ValidationError for a name already taken."""
    with transaction.atomic():
        old = term.name
        term.name = name
        term.full_clean()
        term.save()
        log(instance=term, action="terms.rename", user=user, data={"old": old, "new": term.name})
    return term


def retire_term(*, term: Term, user=None) -> Term:
    """Stop offering a term; pages that have it keep it. Raise TermError if sub-themes are still offered."""
    with transaction.atomic():
        term = type(term).objects.select_for_update(of=("self",)).get(pk=term.pk)
        if isinstance(term, Theme) and (count := term.children.filter(is_active=True).count()):
            raise TermError(
                f"« {term} » a {count} sous-thématique(s) proposée(s) : retirez-les ou déplacez-les d’abord."
            )
        if term.is_active:
            term.is_active = False
            term.save(update_fields=["is_active"])
            log(instance=term, action="terms.retire", user=user)
            term_retired.send(type(term), term=term, user=user)
    return term


def reactivate_term(*, term: Term, user=None) -> Term:
    """Offer a retired term again. Raise TermError for a merged term, or one whose parent is retired."""
    with transaction.atomic():
        term = type(term).objects.select_for_update(of=("self",)).get(pk=term.pk)
        if term.replaced_by_id:
            raise TermError(f"« {term} » a été fusionné avec « {term.replaced_by} » : il ne peut pas être réactivé.")
        if isinstance(term, Theme) and term.parent and not term.parent.is_active:
            raise TermError(f"« {term.parent} » est retirée : réactivez d’abord cette thématique parente.")
        if not term.is_active:
            term.is_active = True
            term.save(update_fields=["is_active"])
            log(instance=term, action="terms.reactivate", user=user)
    return term


def cancel_scheduled_publication(*, revision: Revision, gaps: list[Gap]) -> None:
    """Give up a scheduled publication that became impossible: the page stays as it is, the history says why.

    The person who scheduled it and the reviewer get a mail.
    """
    page = revision.content_object
    with transaction.atomic():
        revision.approved_go_live_at = None
        revision.save(update_fields=["approved_go_live_at"])
        log(
            instance=page,
            action="pages.schedule_refused",
            user=None,
            revision=revision,
            data={"gaps": [gap.message for gap in gaps]},
        )
    logger.warning("Scheduled publication cancelled: page=%s revision=%s", page.pk, revision.pk)
    warn_of_cancelled_schedule(page=page, revision=revision, gaps=gaps)
