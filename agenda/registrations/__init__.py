"""Registrations to sessions: forms, seats, queue, mails, and what a person may do with theirs."""
