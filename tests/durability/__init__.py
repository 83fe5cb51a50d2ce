"""Proof that what was acknowledged is on disk: under ``kill -9`` at any instant, and under simulated power cuts.

``python -m durability crash --rounds 500`` and ``python -m durability power --losses 2000`` take their time; the
tests run the same in short.
"""
