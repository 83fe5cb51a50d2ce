"""The answer to "that was not me": what to do right now, in which order, and where.

Pure like all of the core: it says what its owner may do, and does nothing.
"""

from trayapp.core.response.model import Stage, Step
from trayapp.core.response.related import around, relatives
from trayapp.core.response.support import support_text
from trayapp.core.response.ticks import Ticks, done_steps, mark
from trayapp.core.response.writing import steps

__all__ = ["Stage", "Step", "Ticks", "around", "done_steps", "mark", "relatives", "steps", "support_text"]
