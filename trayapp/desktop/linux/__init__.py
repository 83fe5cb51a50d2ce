"""What the Linux desktop's tray and notifications share: one connection to the session bus."""
