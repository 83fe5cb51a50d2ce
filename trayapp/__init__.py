"""The light on your laptop that tells you what happens in your AWS account.

The way of one message is the way through the folders: ``aws`` receives it, ``inbox`` understands it, ``core``
judges it, ``store`` keeps it, ``desktop`` shows it.
"""

__version__ = "0.1.0"
