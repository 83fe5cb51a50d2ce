r"""The manual page, made from the commands themselves, so that the two never differ.

The language is man(7): https://man7.org/linux/man-pages/man7/man.7.html. The same commands give the same text.
"""

import inspect
import re
import textwrap
from collections.abc import Iterator

import click

import trayapp
from trayapp.core.language import mark, say
from trayapp.core.text import clause

_VERBATIM = "\b"
"""The mark by which click's help says that a paragraph is not to be filled."""

_SYNOPSIS = "trayapp [--version] [--help] COMMAND [ARGUMENT]..."

_ENVIRONMENT = {
    "NO_COLOR": mark("If it is set to anything, there are no colours."),
    "PAGER, LESS": mark("What shows the history where it is longer than the terminal; less unless set."),
    "COLUMNS, LINES": mark("The size of the terminal, where it does not say so itself."),
    "XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME, XDG_RUNTIME_DIR": mark("Where the files below lie."),
}
_FILES = {
    "~/.config/trayapp/settings.toml": mark("The settings: accounts and rules."),
    "~/.local/share/trayapp/alerts.sqlite3": mark("The alerts."),
    "~/.local/state/trayapp/log/trayapp.log": mark("The log."),
}


@click.command()
@click.pass_context
def man(ctx: click.Context) -> None:
    """Print the manual page of trayapp and all its commands.

    To read it: trayapp man | man -l -
    """
    click.echo("\n".join(page(ctx.find_root())).encode() + b"\n", nl=False)


def page(root: click.Context) -> Iterator[str]:
    """Give the lines of the manual page.

    Args:
        root: The context of the whole program.
    """
    about, *rest = _paragraphs(root.command)
    yield f'.TH TRAYAPP 1 "" "trayapp {_escaped(trayapp.__version__)}" "{_escaped(say("User Commands"))}"'
    yield from (_section(say("NAME")), rf"trayapp \- {_escaped(about[0].lower() + clause(about[1:]))}")
    yield from (_section(say("SYNOPSIS")), rf"\fB{_escaped(_SYNOPSIS)}\fR")
    yield from (_section(say("DESCRIPTION")), *_text(about))
    yield _section(say("COMMANDS"))
    for context in _commands(root):
        yield from _command(context)
    yield _section(say("EXIT STATUS"))
    for paragraph in rest:
        yield from _text(paragraph)
    yield from (_section(say("ENVIRONMENT")), *_items({name: say(text) for name, text in _ENVIRONMENT.items()}))
    yield from (_section(say("FILES")), *_items({file: say(text) for file, text in _FILES.items()}))


def _section(heading: str) -> str:
    return f".SH {_escaped(heading)}"


def _commands(context: click.Context) -> Iterator[click.Context]:
    """Give the context of every command, the subcommands of each after it."""
    group = context.command
    if not isinstance(group, click.Group):
        return
    for name in sorted(group.list_commands(context)):
        command = group.get_command(context, name)
        if command is not None and not command.hidden:
            inner = click.Context(command, parent=context, info_name=name)
            yield inner
            yield from _commands(inner)


def _command(context: click.Context) -> Iterator[str]:
    usage = " ".join([context.command_path, *context.command.collect_usage_pieces(context)])
    yield f'.SS "{_escaped(usage)}"'
    for paragraph in _paragraphs(context.command):
        yield from _text(paragraph)
    options = [param for param in context.command.get_params(context) if isinstance(param, click.Option)]
    records = [option.get_help_record(context) for option in options if "--help" not in option.opts]
    yield from _items(dict(record for record in records if record))


def _paragraphs(command: click.Command) -> list[str]:
    """Give the paragraphs of a command's help, those that are not to be filled with their mark."""
    return [each.rstrip() for each in re.split(r"\n\s*\n", inspect.cleandoc(command.help or "")) if each.strip()]


def _text(paragraph: str) -> Iterator[str]:
    yield ".PP"
    mark, newline, verbatim = paragraph.partition("\n")
    if mark == _VERBATIM and newline:
        yield from (".nf", *(_escaped(line) for line in textwrap.dedent(verbatim).splitlines()), ".fi")
    else:
        yield from (_escaped(line.strip()) for line in paragraph.splitlines())


def _items(items: dict[str, str]) -> Iterator[str]:
    for term, text in items.items():
        yield from (".TP", rf"\fB{_escaped(term)}\fR", _escaped(text))


def _escaped(text: str) -> str:
    r"""Write a text so that nothing in it is taken for a request or an escape, and ``-`` stays what can be copied.

    Source: groff_char(7), https://man7.org/linux/man-pages/man7/groff_char.7.html; ``\&`` before a dot or an
    apostrophe keeps a line from being a request.
    """
    escaped = text.replace("\\", r"\(rs").replace("-", r"\-").replace("'", r"\(aq").replace("`", r"\(ga")
    escaped = escaped.replace('"', r"\(dq").replace("^", r"\(ha").replace("~", r"\(ti")
    return rf"\&{escaped}" if escaped.startswith(".") else escaped
