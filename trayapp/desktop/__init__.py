"""The desktop: tray, notifications, browser, single instance. One small interface each, chosen once at start."""
