"""What to do if it was not its owner: steps to tick, with links, in the order that stops damage first."""

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk

from trayapp.core.regions import GLOBAL, spoken
from trayapp.core.response import Step
from trayapp.core.text import name
from trayapp.review import keys, texts
from trayapp.review.flow import Flow
from trayapp.review.theme import Theme
from trayapp.review.tooltip import Tooltip


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
        self._wrapped: list[ttk.Label] = []
        px = theme.px
        self._head = ttk.Label(self, text=texts.STEPS_HEAD, style="Title.TLabel")
        self._lead = ttk.Label(self, text=texts.STEPS_LEAD, style="Faint.TLabel")
        self._canvas = tk.Canvas(self, borderwidth=0, highlightthickness=0, width=10, height=10)
        self._bar = ttk.Scrollbar(self, command=self._canvas.yview)
        self._canvas.configure(yscrollcommand=self._bar.set, yscrollincrement=px(20))
        self._inner = ttk.Frame(self._canvas)
        self._window = self._canvas.create_window(0, 0, anchor="nw", window=self._inner)
        self._foot = Flow(self, px(8))
        self._left = ttk.Label(self._foot, style="Faint.TLabel", padding=(0, px(6)))
        save = ttk.Button(
            self._foot, text=texts.EXPORT, command=export, underline=keys.underlined(texts.EXPORT, keys.EXPORT)
        )
        Tooltip(save, theme, texts.TIP_EXPORT, keys.EXPORT.said)
        Tooltip(ttk.Button(self._foot, text=texts.COPY_SUPPORT, command=copy), theme, texts.TIP_EXPORT)
        self._head.grid(row=0, column=0, columnspan=2, sticky="w", padx=px(14), pady=(px(10), 0))
        self._lead.grid(row=1, column=0, columnspan=2, sticky="ew", padx=px(14), pady=(px(2), px(8)))
        self._canvas.grid(row=2, column=0, sticky="nsew", padx=(px(14), 0))
        self._bar.grid(row=2, column=1, sticky="ns")
        self._foot.grid(row=3, column=0, columnspan=2, sticky="ew", padx=px(14), pady=px(8))
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        self._inner.columnconfigure(1, weight=1)
        self._canvas.bind("<Configure>", lambda event: self._fit(event.width))
        self._inner.bind("<Configure>", lambda _: self._canvas.configure(scrollregion=self._canvas.bbox("all")))
        for wheel, units in (("<Button-4>", -2), ("<Button-5>", 2)):
            self.bind_class("Steps", wheel, partial(self._roll, units))
        self.bind_class("Steps", "<MouseWheel>", self._wheel)
        self.dress()

    def dress(self) -> None:
        """Draw it in the theme's present colours."""
        self._canvas.configure(background=self._theme.palette.ground)

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
        self._canvas.yview_moveto(0)
        self._fit(self._canvas.winfo_width())

    def _build_step(self, number: int, step: Step) -> None:
        px, row = self._theme.px, number * 4
        done = self._ticks[step.id] = tk.BooleanVar(self)
        box = ttk.Checkbutton(
            self._inner, style="Step.TCheckbutton", variable=done, command=lambda: self._ticked(step.id)
        )
        self._boxes[step.id] = box
        place = "" if step.region in ("", GLOBAL) else texts.STEP_WHERE.format(region=spoken(name(step.region, 24)))
        title = ttk.Label(self._inner, text=f"{number}. {step.title}", style="Strong.TLabel")
        told = [step.why, texts.STEP_DONE_WHEN.format(text=step.done_when) if step.done_when else "", place]
        why = ttk.Label(self._inner, text="\n".join(filter(None, told)), style="Faint.TLabel")
        self._wrapped += [title, why]
        box.grid(row=row, column=0, sticky="nw")
        title.grid(row=row, column=1, sticky="ew", pady=(px(5), 0))
        why.grid(row=row + 1, column=1, sticky="ew", pady=(0, px(14)))
        parts: list[tk.Misc] = [box, title, why]
        if step.url is not None:
            url = step.url
            button = ttk.Button(self._inner, text=texts.STEP_OPEN, command=lambda: self._browse(url))
            button.grid(row=row, column=2, rowspan=2, sticky="ne", padx=px(8))
            button.bind("<FocusIn>", lambda _: self._reveal(title, why))
            Tooltip(button, self._theme, url)
            parts.append(button)
        for label in (title, why):
            label.bind("<Button-1>", lambda _: box.invoke())
        box.bind("<FocusIn>", lambda _: self._reveal(title, why))
        for part in parts:
            part.bindtags((*part.bindtags(), "Steps"))

    def _ticked(self, step: str) -> None:
        self._tick(step, self._ticks[step].get())
        self._count()

    def _count(self) -> None:
        done = sum(tick.get() for tick in self._ticks.values())
        self._left.configure(text=texts.STEPS_LEFT.format(done=done, count=len(self._steps)))
        self._foot.lay()

    def _fit(self, width: int) -> None:
        px = self._theme.px
        self._canvas.itemconfigure(self._window, width=width)
        for label in self._wrapped:
            label.configure(wraplength=max(width - px(190), px(160)))
        self._lead.configure(wraplength=max(width - px(10), px(160)))

    def _reveal(self, first: tk.Widget, last: tk.Widget) -> None:
        """Scroll so that a step that gets the focus can be seen."""
        top, bottom = first.winfo_y(), last.winfo_y() + last.winfo_height()
        height = max(self._inner.winfo_height(), 1)
        above, below = self._canvas.yview()
        if top < above * height:
            self._canvas.yview_moveto(top / height)
        elif bottom > below * height:
            self._canvas.yview_moveto((bottom - self._canvas.winfo_height()) / height)

    def _roll(self, units: int, _: object) -> None:
        self._canvas.yview_scroll(units, "units")

    def _wheel(self, event: "tk.Event[tk.Misc]") -> None:
        self._canvas.yview_scroll(-1 if event.delta > 0 else 1, "units")
