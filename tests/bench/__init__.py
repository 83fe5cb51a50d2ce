"""Measurements of trayapp beside what else does the job, in one run on one machine: ``packaging/dev bench``.

Figures of one machine say little, so that every figure here stands beside that of something well known, taken under
the same conditions, and what counts is the ratio:

- ``latency``: from publishing to a notification, beside a bare boto3 loop that does nothing but receive;
- ``drain``: a queue that filled up while the laptop was shut, beside a bare boto3 loop that throws everything away;
- ``judge``: reading and judging a message, beside ``json.loads`` alone; and a store with much in it, beside one with
  little;
- ``idle``: memory, CPU time and wake-ups with nothing to do, beside Nagstamon, a tray monitor of long standing.

AWS is moto in a process of its own on the same machine, so that nothing here says how fast AWS or the way there is.
None of this is a test; nothing passes or fails.
"""
