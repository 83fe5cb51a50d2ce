"""The catalogue of signals: what we look for in facts, how heavy it is, and the sentence it speaks.

``CATALOGUE`` holds everything as data. ``judge`` makes findings of a fact, ``explain`` tells why it made none, and
``title`` speaks a finding's sentence.
"""

from trayapp.core.signals.catalogue import CATALOGUE
from trayapp.core.signals.judging import NEW_WITHIN, NEW_WITHIN_DAILY, explain, judge
from trayapp.core.signals.model import Considered, Judgement, Known, Limits, RaisedBy, Signal
from trayapp.core.signals.spoken import title

__all__ = [
    "CATALOGUE",
    "NEW_WITHIN",
    "NEW_WITHIN_DAILY",
    "Considered",
    "Judgement",
    "Known",
    "Limits",
    "RaisedBy",
    "Signal",
    "explain",
    "judge",
    "title",
]
