"""That was me, and always: a rule is chosen, seen with what it would have done, and then made."""

import tkinter as tk
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from tkinter import ttk
from typing import Protocol

from trayapp.core import rule_words
from trayapp.core.clock import Clock
from trayapp.core.incidents import Incident
from trayapp.core.language import say
from trayapp.core.offering import Offer, Refusal, Trial, reason_of, refusal
from trayapp.core.policy import Mute
from trayapp.core.text import name
from trayapp.review.flow import Flow
from trayapp.review.guard import Guard
from trayapp.review.scrolled import Scrolled
from trayapp.review.texts import Texts
from trayapp.review.theme import Theme
from trayapp.review.tooltip import Tooltip
from trayapp.review.wrapping import Paragraph

_USUAL = 30
_MOST = 12
"""So many rules are offered to choose from; whoever uses more tags than that writes his rules in the settings."""
_BREATH_MS = 5
"""So long the window does other things between two looks back."""


class Rules(Protocol):
    """What is known of rules; ``trayapp.review.desk.Desk`` is the real one."""

    def clock(self) -> Clock:
        """Give the moment."""

    def offers(self, incident: Incident) -> Sequence[Offer]:
        """Give the rules that would keep it quiet."""

    def covering(self, incident: Incident) -> Mute | None:
        """Give the rule that does already."""

    def trials(self, rules: Sequence[Mute]) -> Iterator[Sequence[Trial]]:
        """Try them, a little at a time."""


class RulePage(ttk.Frame):
    """Shows the rules that can be made of one incident.

    Args:
        parent: The widget around it.
        theme: How things are drawn.
        rules: What is known of rules. It may raise ``StoreError`` while it looks back.
        file: What the settings' file is called.
        make: Told the rule to be made and the note.
        leave: Called when its owner wants none.
        guarded: Does what needs the disk.
    """

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        *,
        rules: Rules,
        file: str,
        make: Callable[[Mute, str], None],
        leave: Callable[[], object],
        guarded: Guard,
    ) -> None:
        super().__init__(parent)
        self._theme, self._rules, self._make, self._guarded = theme, rules, make, guarded
        self._offers: Sequence[Offer] = ()
        self._trials: Sequence[Trial] = ()
        self._note = ""
        self._waiting = ""
        self._tabs: list[ttk.Radiobutton] = []
        self._offer, self._end = tk.IntVar(self), tk.StringVar(self)
        px = theme.px
        self._head = ttk.Label(self, style="Title.TLabel")
        self._scrolled = Scrolled(self, theme, self._fit)
        inner = self._scrolled.inner
        self._lead = Paragraph(inner)
        self._by_name = ttk.Label(inner, text=Texts.RULE_BY, style="Strong.TLabel")
        self._by = Flow(inner, px(6))
        self._until_name = ttk.Label(inner, text=Texts.RULE_UNTIL, style="Strong.TLabel")
        self._until = Flow(inner, px(6))
        self._words = Paragraph(inner)
        self._trial = Paragraph(inner, style="Strong.TLabel")
        self._file = Paragraph(inner, Texts.RULE_FILE.format(file=name(file, 200)), "Faint.TLabel")
        self._lines = tk.Text(inner, borderwidth=0, highlightthickness=px(2), width=10, height=5, wrap="char")
        self._foot = ttk.Frame(self)
        self._do = ttk.Button(self._foot, text=Texts.RULE_MAKE, style="Accent.TButton", command=self._agree)
        Tooltip(self._do, theme, Texts.TIP_MAKE)
        self._leave = ttk.Button(self._foot, command=leave)
        self._leave.pack(side="left")
        for days, said in Texts.RULE_ENDS.items():
            self._tab(self._until, said, self._end, str(days or ""))
        self._head.grid(row=0, column=0, sticky="w", padx=px(14), pady=(px(10), px(4)))
        self._scrolled.grid(row=1, column=0, sticky="nsew", padx=(px(14), 0))
        self._foot.grid(row=2, column=0, sticky="ew", padx=px(14), pady=px(8))
        self._choosing: dict[tk.Widget, tuple[int, int]] = {
            self._by_name: (10, 4),
            self._by: (0, 0),
            self._until_name: (12, 4),
            self._until: (0, 0),
            self._words: (14, 0),
            self._trial: (6, 0),
            self._file: (12, 4),
            self._lines: (0, 0),
        }
        self._lead.grid(row=0, column=0, sticky="ew")
        for row, (part, (above, under)) in enumerate(self._choosing.items(), 1):
            part.grid(row=row, column=0, sticky="ew", pady=(px(above), px(under)))
        self._scrolled.take(inner, self._lead, *self._choosing)
        inner.columnconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        self.bind("<Destroy>", lambda event: self.stop() if event.widget is self else None)
        self.dress()

    def dress(self) -> None:
        """Draw it in the theme's present colours."""
        palette, px = self._theme.palette, self._theme.px
        self._scrolled.dress()
        self._lines.configure(
            font="TkFixedFont",
            background=palette.raised,
            foreground=palette.text,
            highlightbackground=palette.ground,
            highlightcolor=palette.focus,
            selectbackground=palette.accent,
            selectforeground=palette.on_accent,
            padx=px(10),
            pady=px(8),
            cursor="arrow",
        )

    def show(self, incident: Incident, note: str) -> None:
        """Show what can be made of an incident.

        Args:
            incident: The incident.
            note: What its owner has written; the reason of the rule.
        """
        self.stop()
        self._note, self._trials = note, ()
        known = self._rules.covering(incident)
        reason = None if known else refusal(incident)
        self._offers = () if known or reason else tuple(self._rules.offers(incident))[:_MOST]
        for tab in self._tabs:
            tab.destroy()
        self._tabs = [
            self._tab(self._by, _called(offer), self._offer, place) for place, offer in enumerate(self._offers)
        ]
        self._offer.set(0)
        self._end.set(str(_USUAL))
        self._lay(known, reason)
        if self._offers:
            self._say()
            self._look_back(self._rules.trials([offer.rule for offer in self._offers]))

    def focus_first(self) -> None:
        """Give the focus to the first choice, or else to what leads away."""
        self.update_idletasks()  # what is not on the screen yet cannot have the focus
        first = self._tabs[0] if self._tabs else self._leave
        first.focus_set()

    def stop(self) -> None:
        """Stop looking back."""
        if self._waiting:
            self.after_cancel(self._waiting)
            self._waiting = ""

    def _lay(self, known: Mute | None, reason: Refusal | None) -> None:
        """Show what there is to choose, or why there is nothing."""
        said = Texts.RULE_LEAD
        if known is not None:
            said = Texts.RULE_THERE.format(says=rule_words.muted(known.says))
        elif reason is not None:
            said = say(reason.value)
        self._head.configure(text=Texts.RULE_HEAD if self._offers else Texts.RULE_NONE)
        self._lead.configure(style="Faint.TLabel" if self._offers else "TLabel")
        self._lead.say(said)
        self._leave.configure(text=Texts.CANCEL if self._offers else Texts.BACK)
        if self._offers:
            self._do.pack(side="left", before=self._leave, padx=(0, self._theme.px(8)))
        else:
            self._do.pack_forget()
        for part in self._choosing:
            if self._offers:
                part.grid()
            else:
                part.grid_remove()
        self._by.lay()
        self._scrolled.to_top()
        self._scrolled.fit()

    def _tab(self, parent: Flow, text: str, variable: tk.Variable, value: int | str) -> ttk.Radiobutton:
        tab = ttk.Radiobutton(
            parent, text=text, variable=variable, value=value, style="Tab.TRadiobutton", command=self._say
        )
        tab.bind("<FocusIn>", lambda _: self._scrolled.reveal(tab, tab))
        self._scrolled.take(tab)
        return tab

    def _chosen(self) -> Offer:
        """Give the chosen rule, with its end and its reason."""
        offer, clock = self._offers[self._offer.get()], self._rules.clock()
        days = self._end.get()
        until = clock.localise(clock.now + timedelta(days=int(days))).date() if days else None
        return replace(offer, rule=replace(offer.rule, until=until, reason=reason_of(self._note)))

    def _say(self) -> None:
        # Not at the top: few need it, and starting is quicker without.
        from trayapp.review.rule_lines import rule_lines  # noqa: PLC0415 - see above

        offer = self._chosen()
        said = (rule_words.sentence(offer), rule_words.exception(offer), rule_words.ending(offer.rule.until))
        self._words.say("\n".join(said))
        lines = rule_lines(offer.rule)
        self._lines.configure(state="normal", height=len(lines))
        self._lines.replace("1.0", "end", "\n".join(lines))
        self._lines.configure(state="disabled")
        self._say_trial()

    def _say_trial(self) -> None:
        known = bool(self._trials) and not self._waiting
        said = rule_words.trial(self._trials[self._offer.get()]) if known else Texts.RULE_TRYING
        self._trial.say(said)

    def _look_back(self, trials: Iterator[Sequence[Trial]]) -> None:
        self._waiting = ""

        found = self._guarded(lambda: next(trials, ()))
        if found:
            self._trials = found
            self._waiting = self.after(_BREATH_MS, lambda: self._look_back(trials))
        elif found is not None:
            self._say_trial()

    def _agree(self) -> None:
        if self._offers:
            self._make(self._chosen().rule, self._note)

    def _fit(self, width: int) -> None:
        room = max(width - self._theme.px(20), self._theme.px(160))
        for label in (self._lead, self._words, self._trial, self._file):
            label.fit(room)


def _called(offer: Offer) -> str:
    return Texts.RULE_OFFERS[offer.by].format(value=name(offer.value))
