"""The CloudFormation template that makes the queue, its policies and the listener user."""

from importlib import resources


def template_text() -> str:
    """Give the template as it is shipped, a YAML document with its comments."""
    return resources.files("trayapp.aws").joinpath("template.yaml").read_text(encoding="utf-8")
