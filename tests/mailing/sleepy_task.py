"""A background task that leaves traces of its beginning and of its end."""

import time
from pathlib import Path

from django_tasks import task


@task()
def write_then_sleep(path: str, seconds: float):
    with Path(path).open("a") as file:
        file.write("start\n")
    time.sleep(seconds)
    with Path(path).open("a") as file:
        file.write("end\n")
