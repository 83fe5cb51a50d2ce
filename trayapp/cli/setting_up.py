"""What it takes at AWS."""

import click

from trayapp.aws.template import template_text


@click.command()
def template() -> None:
    """Print the CloudFormation template that makes the queue, its policies and the listener user."""
    click.echo(template_text(), nl=False)
