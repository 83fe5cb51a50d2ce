"""The demo: an AWS of its own inside this process, and the messages that AWS Config and CloudTrail would send.

Its dependencies are an extra (``trayapp[demo]``); nothing but its own command imports this room.
"""
