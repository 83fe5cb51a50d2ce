"""What the Linux desktop's parts share: one thread, and on it the connections to the session's and the system's bus."""
