"""Builds what people install: the wheel, a folder that runs without Python, and the packages made of that folder."""
