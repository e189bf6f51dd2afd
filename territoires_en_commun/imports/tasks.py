"""Done by the worker, while the editor watches the progress."""

from django_tasks import task


@task()
def simulate_import(job_id: int) -> None:
    """Plan every row of an import."""
    from territoires_en_commun.imports.running import simulate

    simulate(job_id)


@task()
def run_import(job_id: int) -> None:
    """Write the rows of an import."""
    from territoires_en_commun.imports.running import run

    run(job_id)
