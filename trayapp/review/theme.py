"""Colours, fonts and sizes: sv-ttk's theme, made to fit the desktop's own font and resolution."""

import os
import sys
import tkinter as tk
from dataclasses import dataclass
from tkinter import font as tkfont
from tkinter import ttk
from typing import Any

import sv_ttk

from trayapp.core.severity import Severity
from trayapp.review import marks
from trayapp.review.looks import Looks

_PLAIN_DPI = 96
"""Pixels an inch at a scale of 1, on every desktop but macOS, where Tk counts in points."""
_DEFAULT_POINTS = 10.5
_OPTION_NAME = "Xft"

# sv-ttk's fonts by their size relative to the text's, 14 of its pixels.
_FONTS = {
    "SunValleyCaptionFont": (12 / 14, "normal"),
    "SunValleyBodyFont": (1.0, "normal"),
    "SunValleyBodyStrongFont": (1.0, "bold"),
    "SunValleyBodyLargeFont": (18 / 14, "normal"),
    "SunValleySubtitleFont": (17 / 14, "bold"),
}
# Which picture shows a box to tick in which state; the first that fits counts.
_BOXES = {
    "disabled selected": "dis",
    "disabled": "unsel-dis",
    "pressed selected": "hover",
    "active focus selected": "focus-hover",
    "active selected": "hover",
    "focus selected": "focus",
    "selected": "rest",
    "pressed !selected": "unsel-pressed",
    "active focus !selected": "unsel-focus-hover",
    "active !selected": "unsel-hover",
    "focus !selected": "unsel-focus",
}
# The pictures of sv-ttk that do not stretch, by the beginning of their names.
_FIXED = ("check-", "radio-", "right", "down", "up")


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours; each text stands out 4.5:1 at least (WCAG 2.2, 1.4.3) from ``ground`` and ``raised``, others 3:1.

    Attributes:
        ground: Behind everything.
        raised: Behind a code block or a bar.
        text: Ordinary text.
        faint: What is beside the point.
        line: Lines between things.
        accent: Behind what is selected in a text.
        focus: Around what has the focus.
        on_accent: Text upon ``accent``.
        chosen: Behind what is chosen; every severity's colour stands out from it, too.
        left: Behind what is chosen where the focus is elsewhere.
        old: What was before.
        new: What is now.
        severities: Text and shapes of each severity.
    """

    ground: str
    raised: str
    text: str
    faint: str
    line: str
    accent: str
    focus: str
    on_accent: str
    chosen: str
    left: str
    old: str
    new: str
    severities: dict[Severity, str]


LIGHT = Palette(
    ground="#fafafa",
    raised="#efefef",
    text="#1c1c1c",
    faint="#5a5a5a",
    line="#8a8a8a",
    accent="#005fb8",
    focus="#005fb8",
    on_accent="#ffffff",
    chosen="#cfe4f8",
    left="#e4e4e4",
    old="#a3260d",
    new="#17652a",
    severities={
        Severity.CRITICAL: "#b3201a",
        Severity.HIGH: "#96500a",
        Severity.MEDIUM: "#1f5fa8",
        Severity.LOW: "#5a5a5a",
    },
)
DARK = Palette(
    ground="#1c1c1c",
    raised="#2a2a2a",
    text="#fafafa",
    faint="#b4b4b4",
    line="#808080",
    accent="#1766b0",
    focus="#60cdff",
    on_accent="#ffffff",
    chosen="#12385f",
    left="#3a3a3a",
    old="#ff9d8f",
    new="#7fd68f",
    severities={
        Severity.CRITICAL: "#ff8078",
        Severity.HIGH: "#ffb454",
        Severity.MEDIUM: "#7fbaff",
        Severity.LOW: "#b4b4b4",
    },
)


def make_root() -> tk.Tk:
    """Make the root of all windows, which is never on the screen itself.

    Raises:
        tkinter.TclError: There is no screen.
    """
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - there only

        # Else Windows stretches the picture: https://learn.microsoft.com/en-us/windows/win32/api/shellscalingapi/
        ctypes.windll.shcore.SetProcessDpiAwareness(1)
    # By this name Tk finds the desktop's Xft.dpi among the X resources; the window has a name of its own.
    root = tk.Tk(className=_OPTION_NAME)
    root.withdraw()
    # Ours stand beside one another; Tk thinks of them as standing one below the other.
    for key, known in (("<Left>", "<Up>"), ("<Right>", "<Down>")):
        root.tk.call("bind", "TRadiobutton", key, root.tk.call("bind", "TRadiobutton", known))
    return root


class Theme:
    """How everything is drawn. One for each root window.

    Args:
        root: The root of all windows.
        looks: How the desktop looks, as far as is known.

    Attributes:
        palette: The present colours.
        scale: Pixels for each pixel of a plain screen.
    """

    def __init__(self, root: tk.Tk, looks: Looks) -> None:
        self._root = root
        self.scale = _scale(root)
        root.tk.call("tk", "appname", "trayapp")
        self.palette = DARK if looks.dark else LIGHT
        self._looks: Looks | None = None
        self._images: dict[Severity, tk.PhotoImage] = {}
        self._fitted: set[str] = set()
        self.wear(looks)

    def px(self, length: float) -> int:
        """Give a length on this screen in pixels."""
        return round(length * self.scale)

    def mark(self, severity: Severity) -> tk.PhotoImage:
        """Give the picture of a severity."""
        return self._images[severity]

    def wear(self, looks: Looks) -> bool:
        """Change to how the desktop looks now; tell whether anything is different."""
        if looks == self._looks:
            return False
        self._looks = looks
        self.palette = DARK if looks.dark else LIGHT
        self._set_fonts(looks)
        name = "dark" if looks.dark else "light"
        self._load(name)
        ttk.Style(self._root).theme_use(f"sun-valley-{name}")
        self._fit_pictures(f"sv_{name}")
        self._draw_marks()
        self._set_styles()
        return True

    def _load(self, name: str) -> None:
        """Load one of sv-ttk's themes.

        Its own way loads both, which takes a tenth of all the time until the window is there, and later recolours
        every widget, also those that have a colour of their own.
        """
        if f"sun-valley-{name}" not in ttk.Style(self._root).theme_names():
            self._root.tk.call("source", str(sv_ttk.TCL_THEME_FILE_PATH.parent / "theme" / f"{name}.tcl"))

    def _set_fonts(self, looks: Looks) -> None:
        size = max(self.px((looks.points or _DEFAULT_POINTS) * _PLAIN_DPI / 72), 9)
        family = looks.family or tkfont.nametofont("TkDefaultFont", self._root).actual("family")
        for name, (part, weight) in _FONTS.items():
            known = name in self._root.tk.splitlist(self._root.tk.call("font", "names"))
            how = ("-family", family, "-size", -round(size * part), "-weight", weight)
            self._root.tk.call("font", "configure" if known else "create", name, *how)
        for name in ("TkDefaultFont", "TkTextFont", "TkMenuFont", "TkHeadingFont"):
            self._root.tk.call("font", "configure", name, "-family", family, "-size", -size)
        self._root.tk.call("font", "configure", "TkFixedFont", "-size", -round(size * 0.95))

    def _fit_pictures(self, theme: str) -> None:
        """Enlarge the theme's pictures that would stay small where everything else has grown; once for each theme."""
        if theme in self._fitted:
            return
        self._fitted.add(theme)
        call, factor = self._root.tk.call, max(round(self.scale), 1)
        named = self._root.tk.splitlist(call("array", "get", f"ttk::theme::{theme}::I"))
        images = dict(zip(map(str, named[::2]), named[1::2], strict=True))
        for name, image in images.items():
            if factor > 1 and name.startswith(_FIXED):
                copy = call("image", "create", "photo")
                call(copy, "copy", image)
                call(image, "configure", "-width", 0, "-height", 0)
                call(image, "blank")
                call(image, "copy", copy, "-zoom", factor, "-shrink")
                call("image", "delete", copy)
        # sv-ttk's own box to tick leaves no more room for its picture than it needs on a plain screen.
        looks = [(*state.split(), images[f"check-{picture}"]) for state, picture in _BOXES.items()]
        style = ttk.Style(self._root)
        style.element_create(
            "Step.indicator", "image", images["check-unsel-rest"], *looks, width=26 * factor, sticky="w"
        )

    def _draw_marks(self) -> None:
        ink = (255, 255, 255) if self.palette is LIGHT else (20, 20, 20)
        for severity in Severity:
            colour = self.palette.severities[severity]
            red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
            data = marks.png(severity, (red, green, blue), self.px(18), ink)
            if severity in self._images:
                self._images[severity].configure(data=data)
            else:
                self._images[severity] = tk.PhotoImage(master=self._root, data=data, format="png")

    def _set_styles(self) -> None:
        style, palette, px = ttk.Style(self._root), self.palette, self.px
        style.configure(
            ".",
            background=palette.ground,
            foreground=palette.text,
            troughcolor=palette.ground,
            fieldbackground=palette.ground,
            focuscolor=palette.focus,
            selectbackground=palette.accent,
            selectforeground=palette.on_accent,
            insertcolor=palette.text,
            insertwidth=px(1),
            font="SunValleyBodyFont",
            borderwidth=0,
            relief="flat",
        )
        style.map(".", foreground=[("disabled", palette.line)])
        body = tkfont.Font(self._root, name="SunValleyBodyFont", exists=True)
        style.configure("Incidents.Treeview", rowheight=2 * body.metrics("linespace") + px(14), indent=0)
        parts: Any = [("Treeitem.image", {"side": "left", "sticky": ""}), ("Treeitem.text", {"side": "left"})]
        style.layout("Incidents.Treeview.Item", [("Treeitem.padding", {"sticky": "nsew", "children": parts})])
        style.configure("Incidents.Treeview.Item", padding=(px(8), 0, 0, 0))
        style.map(
            "Treeview",
            background=[("selected", "focus", palette.chosen), ("selected", palette.left)],
            foreground=[("selected", palette.text)],
        )
        # sv-ttk counts these in pixels of the screen.
        for name in ("TButton", "Accent.TButton"):
            style.configure(name, padding=(px(8), px(2), px(8), px(3)))
        style.configure("TEntry", padding=(px(6), px(1), px(4), px(2)))
        style.configure("TCombobox", padding=(px(6), px(1), 0, px(2)))
        self._set_tabs(style)
        self._set_rings(style)
        style.configure("Faint.TLabel", foreground=palette.faint)
        style.configure("Title.TLabel", font="SunValleySubtitleFont")
        style.configure("Strong.TLabel", font="SunValleyBodyStrongFont")
        style.configure("Bar.TFrame", background=palette.raised)
        style.configure("Bar.TLabel", background=palette.raised)
        style.configure("TPanedwindow", background=palette.ground)

    def _set_tabs(self, style: ttk.Style) -> None:
        """Make a button that says by more than its colour that it is the chosen one of several."""
        palette, px = self.palette, self.px
        label: Any = (
            "Radiobutton.padding",
            {"sticky": "nsew", "children": [("Radiobutton.label", {"sticky": "nsew"})]},
        )
        rest, chosen = palette.ground, palette.chosen
        self._ring(style, "Tab.TRadiobutton", label, outer=[("selected", palette.line)], inner=[("selected", chosen)])
        style.configure("Tab.TRadiobutton", padding=(px(10), px(4)))
        style.map(
            "Tab.TRadiobutton",
            background=[("selected", chosen), ("active", palette.raised), ("!selected", rest)],
        )

    def _set_rings(self, style: ttk.Style) -> None:
        """Show the focus where the theme's own pictures hardly do."""
        accent: Any = ("AccentButton.padding", {"children": [("AccentButton.label", {"side": "left", "expand": "1"})]})
        self._ring(style, "Accent.TButton", ("AccentButton.button", {"sticky": "nsew", "children": [accent]}))
        box: Any = ("Step.indicator", {"side": "left"})
        self._ring(style, "Step.TCheckbutton", ("Checkbutton.padding", {"sticky": "nsew", "children": [box]}))

    def _ring(self, style: ttk.Style, name: str, inside: Any, outer: Any = (), inner: Any = ()) -> None:  # noqa: ANN401 - as Tk has layouts and maps
        """Draw a line of two pixels around what has the focus.

        Args:
            style: The theme's styles.
            name: The style that gets the line.
            inside: The layout of what is inside.
            outer: How the outer pixel is drawn without the focus; as the ground unless said.
            inner: How the inner pixel is.
        """
        palette = self.palette
        if "Ring.border" not in style.element_names():
            style.element_create("Ring.border", "from", "clam", "Button.border")
        style.layout(name, [("Ring.border", {"sticky": "nsew", "children": [inside]})])
        style.configure(name, borderwidth=2, relief="raised", bordercolor=palette.ground)
        style.configure(name, lightcolor=palette.ground, darkcolor=palette.ground)
        focused: Any = ("focus", palette.focus)
        style.map(name, bordercolor=[focused, *outer], lightcolor=[focused, *inner], darkcolor=[focused, *inner])


def _scale(root: tk.Tk) -> float:
    """Tell how many pixels stand for one of a plain screen, and let Tk know the screen's resolution."""
    if sys.platform == "darwin":
        return 1.0
    if sys.platform == "win32":
        return float(root.winfo_fpixels("1i")) / _PLAIN_DPI
    dpi, factor = _number(root.tk.call("option", "get", ".", "dpi", "Dpi")), _number(os.environ.get("GDK_SCALE", ""))
    if dpi:
        # Fonts are drawn by Xft at this resolution. Tk asks for them in points, made of pixels by its own idea of it.
        root.tk.call("tk", "scaling", dpi / 72)
    return min(max(dpi / _PLAIN_DPI, factor, 1.0), 4.0)


def _number(text: object) -> float:
    """Read a number, 0 for what is none."""
    try:
        return float(str(text))
    except ValueError:
        return 0.0
