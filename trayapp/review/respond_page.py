"""What to do if it was not its owner: steps to tick, with links, in the order that stops damage first."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from trayapp.core.regions import GLOBAL, spoken
from trayapp.core.response import Step
from trayapp.core.text import name
from trayapp.review import keys
from trayapp.review.flow import Flow
from trayapp.review.scrolled import Scrolled
from trayapp.review.texts import Texts
from trayapp.review.theme import Theme
from trayapp.review.tooltip import Tooltip
from trayapp.review.wrapping import Paragraph


class RespondPage(ttk.Frame):
    """Shows the steps of one incident.

    Args:
        parent: The widget around it.
        theme: How things are drawn.
        tick: Told a step's id and whether it is done.
        browse: Opens a page.
        export: Saves the text for AWS Support.
        copy: Copies it.
    """

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        *,
        tick: Callable[[str, bool], None],
        browse: Callable[[str], None],
        export: Callable[[], None],
        copy: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        self._theme, self._tick, self._browse = theme, tick, browse
        self._steps: tuple[Step, ...] = ()
        self._ticks: dict[str, tk.BooleanVar] = {}
        self._boxes: dict[str, ttk.Checkbutton] = {}
        self._wrapped: list[Paragraph] = []
        px = theme.px
        self._head = ttk.Label(self, text=Texts.STEPS_HEAD, style="Title.TLabel")
        self._lead = Paragraph(self, Texts.STEPS_LEAD, "Faint.TLabel")
        self._scrolled = Scrolled(self, theme, self._fit)
        self._inner = self._scrolled.inner
        self._foot = Flow(self, px(8))
        self._left = ttk.Label(self._foot, style="Faint.TLabel", padding=(0, px(6)))
        save = ttk.Button(self._foot, command=export, **keys.labelled(Texts.EXPORT, keys.EXPORT))
        Tooltip(save, theme, Texts.TIP_EXPORT, keys.EXPORT.said)
        Tooltip(ttk.Button(self._foot, text=Texts.COPY_SUPPORT, command=copy), theme, Texts.TIP_EXPORT)
        self._head.grid(row=0, column=0, sticky="w", padx=px(14), pady=(px(10), 0))
        self._lead.grid(row=1, column=0, sticky="ew", padx=px(14), pady=(px(2), px(8)))
        self._scrolled.grid(row=2, column=0, sticky="nsew", padx=(px(14), 0))
        self._foot.grid(row=3, column=0, sticky="ew", padx=px(14), pady=px(8))
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        self._inner.columnconfigure(1, weight=1)

    def dress(self) -> None:
        """Draw it in the theme's present colours."""
        self._scrolled.dress()

    def show(self, steps: tuple[Step, ...], ticked: frozenset[str]) -> None:
        """Show steps, and which of them are done."""
        if steps != self._steps:
            focused = next((each for each, box in self._boxes.items() if box == self.focus_get()), None)
            self._build(steps)
            if focused in self._boxes:
                self._boxes[focused].focus_set()
        for step in steps:
            self._ticks[step.id].set(step.id in ticked)
        self._count()

    def focus_first(self) -> None:
        """Give the focus to the first step that is not done."""
        self.update_idletasks()  # what is not on the screen yet cannot have the focus
        waiting = [box for step, box in self._boxes.items() if not self._ticks[step].get()]
        for box in (waiting or list(self._boxes.values()))[:1]:
            box.focus_set()

    def _build(self, steps: tuple[Step, ...]) -> None:
        for child in self._inner.winfo_children():
            child.destroy()
        self._steps, self._ticks, self._boxes, self._wrapped = steps, {}, {}, []
        for number, step in enumerate(steps, 1):
            self._build_step(number, step)
        self._scrolled.to_top()
        self._scrolled.fit()

    def _build_step(self, number: int, step: Step) -> None:
        px, row = self._theme.px, number * 4
        done = self._ticks[step.id] = tk.BooleanVar(self)
        box = ttk.Checkbutton(
            self._inner, style="Step.TCheckbutton", variable=done, command=lambda: self._ticked(step.id)
        )
        self._boxes[step.id] = box
        place = "" if step.region in ("", GLOBAL) else Texts.STEP_WHERE.format(region=spoken(name(step.region, 24)))
        title = Paragraph(self._inner, f"{number}. {step.title}", "Strong.TLabel")
        told = [step.why, Texts.STEP_DONE_WHEN.format(text=step.done_when) if step.done_when else "", place]
        why = Paragraph(self._inner, "\n".join(filter(None, told)), "Faint.TLabel")
        self._wrapped += [title, why]
        box.grid(row=row, column=0, sticky="nw")
        title.grid(row=row, column=1, sticky="ew", pady=(px(5), 0))
        why.grid(row=row + 1, column=1, sticky="ew", pady=(0, px(14)))
        parts: list[tk.Misc] = [box, title, why]
        if step.url is not None:
            url = step.url
            button = ttk.Button(self._inner, text=Texts.STEP_OPEN, command=lambda: self._browse(url))
            button.grid(row=row, column=2, rowspan=2, sticky="ne", padx=px(8))
            button.bind("<FocusIn>", lambda _: self._scrolled.reveal(title, why))
            Tooltip(button, self._theme, url)
            parts.append(button)
        for label in (title, why):
            label.bind("<Button-1>", lambda _: box.invoke())
        box.bind("<FocusIn>", lambda _: self._scrolled.reveal(title, why))
        self._scrolled.take(*parts)

    def _ticked(self, step: str) -> None:
        self._tick(step, self._ticks[step].get())
        self._count()

    def _count(self) -> None:
        done = sum(tick.get() for tick in self._ticks.values())
        self._left.configure(text=Texts.STEPS_LEFT.format(done=done, count=len(self._steps)))
        self._foot.lay()

    def _fit(self, width: int) -> None:
        px = self._theme.px
        for label in self._wrapped:
            label.fit(max(width - px(190), px(160)))
        self._lead.fit(max(width - px(10), px(160)))
