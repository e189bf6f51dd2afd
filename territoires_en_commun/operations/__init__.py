"""What ``make run`` does: prepare a site of one's own, then serve it with its worker and its scheduler."""
