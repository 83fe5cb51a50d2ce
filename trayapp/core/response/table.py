"""The steps of "that was not me", in the order that stops damage first.

Nothing can be done without getting in; root outranks everybody, so where root was used it comes next. Then the doors by
which somebody is in, since whatever is stopped before is started again. Then what costs money by the minute. Then what
keeps the owner in and what watches. Only then looking for what else there may be, and the rest.
"""

from trayapp.core.response.account import FALSE_ALARMS, OWNERSHIP
from trayapp.core.response.doors import DOORS, ROOT_FIRST, ROOT_LATER
from trayapp.core.response.looking import AFTERWARDS, LOOKING, WHO
from trayapp.core.response.machines import MACHINES
from trayapp.core.response.model import Row, Stage
from trayapp.core.response.money import MONEY
from trayapp.core.response.people import CREDENTIALS
from trayapp.core.response.watching import WATCHING

STAGES: tuple[tuple[Stage, tuple[Row, ...]], ...] = (
    (Stage.STOP, (*FALSE_ALARMS, *DOORS, *ROOT_FIRST, *CREDENTIALS, *MACHINES, *WHO)),
    (Stage.SECURE, (*ROOT_LATER, *OWNERSHIP, *WATCHING)),
    (Stage.LOOK, (*LOOKING, *MONEY)),
    (Stage.AFTERWARDS, AFTERWARDS),
)
"""Every row, in order, by what it is for."""
