"""Texts as they can lie on disk."""


def storable(text: str) -> str:
    """Give a text with question marks for what no encoding can say: JSON may hold half a character."""
    return text.encode("utf-8", "replace").decode()
