"""Sessions of events: when they take place, their seats, who organises them."""
