"""The notifications on the screen."""

from desktop_bench.errors import BenchError
from desktop_bench.parts import BUTTON_RGB, NotificationDaemon
from desktop_bench.screen import Box, Screen, Window, colour_mask, column_runs
from desktop_bench.spy import Notify
from desktop_bench.waiting import wait_until

_SMALLEST_POPUP = 20
_SMALLEST_BUTTON = 20


class Popups:
    """Finds the popups of the notification daemon, and clicks on them where a person would.

    Args:
        screen: Where they appear.
        daemon: Who draws them.

    Attributes:
        daemon: As given; follows when the desktop starts another.
    """

    def __init__(self, screen: Screen, daemon: NotificationDaemon) -> None:
        self._screen = screen
        self.daemon = daemon

    def windows(self) -> list[Window]:
        """List the popups from top to bottom. Dunst draws all its notifications into one window."""
        found = [
            window
            for window in self._screen.windows()
            if self.daemon.window_class in window.wm_class
            and min(window.box.width, window.box.height) >= _SMALLEST_POPUP
        ]
        return sorted(found, key=lambda window: window.box.top)

    def wait_shown(self, count: int = 1, timeout: float = 5.0) -> Window:
        """Wait until exactly ``count`` popups are there and drawn, and give the lowest of them."""

        def drawn() -> list[Window]:
            found = self.windows()
            return found if len(found) == count and not any(self._screen.is_plain(one.box) for one in found) else []

        return wait_until(drawn, timeout, f"{count} popups of {self.daemon.value}")[-1]

    def wait_gone(self, timeout: float = 5.0) -> None:
        """Wait until no popup is on the screen."""
        wait_until(lambda: not self.windows(), timeout, f"no popup of {self.daemon.value}")

    def click_body(self, popup: Window | None = None, button: int = 1) -> float:
        """Click on a popup's text; on the only one if none is given. Gives ``time.monotonic()`` of the press."""
        box = (popup or self.wait_shown()).box
        # The upper quarter: the title, where no daemon draws a button or a link.
        return self._screen.click(box.centre[0], box.top + box.height // 4, button)

    def buttons(self, popup: Window) -> list[Box]:
        """Find a popup's action buttons, from left to right."""
        box = popup.box
        # MATE draws a button to close into the upper half.
        lower = Box(box.left, box.centre[1], box.right, box.bottom)
        mask = colour_mask(self._screen.grab(lower), BUTTON_RGB, 2)
        runs = [(left, right) for left, right in column_runs(mask) if right - left >= _SMALLEST_BUTTON]
        found = []
        for left, right in runs:
            rows = mask.crop((left, 0, right, mask.height)).getbbox()
            if rows is not None:
                top, bottom = lower.top + rows[1], lower.top + rows[3]
                found.append(Box(lower.left + left, top, lower.left + right, bottom))
        return found

    def click_action(self, notify: Notify, key: str, popup: Window | None = None) -> float:
        """Choose an action of a notification the way its daemon offers it: by its button, or by the body.

        Args:
            notify: The notification, for its actions.
            key: The action's key; ``default`` is what a click on the body means.
            popup: Its popup; the only one if none is given.

        Returns:
            ``time.monotonic()`` of the press.

        Raises:
            BenchError: This daemon does not offer the action.
        """
        if key not in dict(notify.actions):
            raise BenchError(f"the notification has no action {key!r} but {notify.actions}")
        if key == "default" and not self.daemon.default_is_a_button:
            return self.click_body(popup)
        keys = [one for one, _label in notify.actions if self.daemon.shows_button(one)]
        if key not in keys:
            raise BenchError(f"{self.daemon.value} offers no button for {key!r}")
        window = popup or self.wait_shown()

        def all_drawn() -> list[Box]:
            found = self.buttons(window)
            return found if len(found) == len(keys) else []

        drawn = wait_until(all_drawn, 5.0, f"{len(keys)} buttons on {window}")
        return self._screen.click(*drawn[keys.index(key)].centre)
