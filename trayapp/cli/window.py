"""The review window."""

import click

from trayapp.cli.common import Refused
from trayapp.core.language import say
from trayapp.settings import Paths


@click.command()
@click.option("--alert", metavar="ID", type=click.IntRange(min=1), help="Show this alert.")
@click.option(
    "--page",
    type=click.Choice(["list", "respond", "history", "settings"]),
    default="list",
    show_default=True,
    help="What waits; what to do if it was not you; everything that was ever told; the settings.",
)
def window(alert: int | None, page: str) -> None:
    """Open the window in which alerts are looked at and decided, or raise the one that is open."""
    # Not at the top: whoever asks for help only needs no screen.
    import tkinter as tk  # noqa: PLC0415 - see above

    from trayapp.desktop.instance import UnsafeFolder  # noqa: PLC0415 - see above
    from trayapp.review.app import run  # noqa: PLC0415 - see above
    from trayapp.review.only_one import Page, Wish  # noqa: PLC0415 - see above
    from trayapp.store import StoreError  # noqa: PLC0415 - see above

    try:
        run(Paths.platform(), Wish(Page(page), alert or 0))
    except tk.TclError as error:
        raise Refused(
            say("The window cannot be shown: {error}. In a terminal, use: trayapp alerts", error=error)
        ) from None
    except (StoreError, UnsafeFolder) as error:
        raise Refused(error) from None
