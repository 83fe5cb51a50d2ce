"""Hearing that the computer has woken or its network has changed. One file per system."""
