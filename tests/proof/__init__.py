"""Proof by measuring: every fault made for real, hours of traffic under faults, and fuzzing.

- ``faults``: each fault, one after the other: what is shown, how soon, how soon it heals, what was lost or doubled;
- ``soak``: traffic with faults at random, then every happening is counted, and memory and descriptors with it;
- ``fuzz``: what comes from outside, under coverage-guided fuzzing.

``python -m proof faults|soak|fuzz`` takes its time; the tests run the same in short.
"""
