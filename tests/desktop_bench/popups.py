class Popups:
    def __init__(self, screen, daemon): self.daemon = daemon
