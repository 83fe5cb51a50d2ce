"""The tray icon: what it looks like, and the ways of showing it."""
