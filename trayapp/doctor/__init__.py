"""The doctor: walks the way of an alert step by step, and writes what it found so that it can be shown around."""
