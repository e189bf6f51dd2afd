"""What happens to the terms of the governed lists, for rooms that hang something on them.

Sent inside the transaction, by the model of the term.
"""

from django.dispatch import Signal

term_merging = Signal()  # source, target, user: before anything moves; a receiver may raise TermError
term_retired = Signal()  # term, user
