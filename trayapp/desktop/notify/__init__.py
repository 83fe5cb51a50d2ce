"""Ways of notifying, one file each, behind one interface."""
