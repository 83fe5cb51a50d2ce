"""A bench that runs programs on a real desktop and against an emulated AWS, for end-to-end tests.

Everything is private to one test, waits for conditions and not for a time, and leaves no process behind. Any number of
benches may run at the same time. Where to find what:

- ``session``: the way in: ``Desktop``, and ``DesktopConfig``, what it is made of. A desktop has ``spy``, ``tray``,
  ``popups``, ``keyring``, ``browser`` and ``screen``.
- ``parts``: ``NotificationDaemon``, and the panel's looks ``DARK`` and ``LIGHT``.
- ``cloud``: ``Cloud`` and ``Inbox``; ``faults``: ``Fault``, what can go wrong on the way there.
- ``messages``: AWS Config's notifications, made up.
- ``errors``, ``waiting``: ``WaitTimeoutError``, ``wait_until``.

The modules are imported one by one: the messages are of use where there is no Linux desktop.
"""
