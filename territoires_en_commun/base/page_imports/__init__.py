"""What every import of pages shares: how a row is read, matched with its page, compared, repaired and written.

A room gives four things::

    class CallReader(PageReader): …     # the texts of a row as values (values.py reads one text at a time)
    FIELDS = (TITLE, SUMMARY, Field("amount_max", show=euros), …)   # how each value is compared, told and written
    class CallSession(PageSession): …   # which page a row is, what it lacks, what its rules refuse
    class CallImport(PageImport): …     # columns and settings, registered with ``import_kinds``

and nothing of what all imports must do alike: proposed repairs, corrections made by hand that are kept, drafts with
their reasons, versions in progress left alone.
"""
