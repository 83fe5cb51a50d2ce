"""Whether trayapp starts with its owner's session; that is the system's setting and stands in no file of ours."""

import tkinter as tk
from tkinter import ttk

from trayapp.desktop.autostart import Autostart, AutostartFailed, Standing
from trayapp.review.settings_form import BOX, Form
from trayapp.review.settings_texts import SettingsTexts


class AutostartLine:
    """A box to tick.

    Args:
        form: The form.
        switch: The system's switch.

    Attributes:
        box: The box.
    """

    def __init__(self, form: Form, switch: Autostart) -> None:
        self._switch = switch
        self._on = tk.BooleanVar(form)
        self._line = form.line("", SettingsTexts.AUTOSTART_SAYS)
        self.box = ttk.Checkbutton(
            self._line.holder, style=BOX, text=SettingsTexts.AUTOSTART, variable=self._on, command=self._turn
        )
        self.box.grid(row=0, column=0, sticky="w")
        self._line.watch(self.box)

    def refresh(self) -> None:
        """Show how the switch stands: the desktop's own settings turn it as well."""
        try:
            state = self._switch.status()
        except AutostartFailed as error:
            self._line.complain(str(error))
            return
        self._on.set(state.on)
        if state.standing is Standing.BROKEN:
            self._line.complain(
                SettingsTexts.AUTOSTART_BROKEN.format(program=state.command[0] if state.command else state.place)
            )
        else:
            self._line.content()

    def _turn(self) -> None:
        wanted = self._on.get()
        try:
            self._switch.switch(on=wanted)
        except AutostartFailed as error:
            self._on.set(not wanted)
            self._line.complain(str(error))
        else:
            self.refresh()
