"""The window in which incidents are looked at, decided and found again; a short-lived process of its own."""
