"""The catalogue of signals: what we look for in facts, how heavy it is, and the sentence it speaks."""
