"""The help of the commands in the language that is spoken; the command line's library has it in English."""

import copy
import inspect
from collections.abc import Iterable, Iterator

import click

from trayapp.core.language import say
from trayapp.core.text import first_sentence

_AS_WRITTEN = "\b\n"
"""By this click knows a paragraph whose lines are to stay as they are written."""

CLICK: tuple[str | tuple[str, str], ...] = (
    "Usage:",
    "Options",
    "Commands",
    "Positional arguments",
    "Show this message and exit.",
    "default: {default}",
    "Error: {message}",
    "Error: invalid input",
    "Aborted!",
    "Try '{command} {option}' for help.",
    "Missing command.",
    "Missing argument",
    "Choose from:\n\t{choices}",
    "No such command {name!r}.",
    "No such option {name!r}.",
    ("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    "Invalid value: {message}",
    "Invalid value for {param_hint}: {message}",
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    "{value!r} is not a valid {number_type}.",
    "{value} is not in the range {range}.",
    "Option {name!r} does not take a value.",
    ("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
)
"""What click says by itself where our commands are used, as it asks gettext's global functions for it."""


class _Page(click.HelpFormatter):
    """Breaks lines by how wide they are on a terminal, where click counts characters."""

    def write_text(self, text: str) -> None:
        super().write_text(_filled(text, self.width - self.current_indent))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        terms = list(rows)
        first = min(max((len(term) for term, _ in terms), default=0), col_max) + col_spacing
        room = max(self.width - first - 2, 10)  # as click has it
        super().write_dl([(term, _filled(text, room)) for term, text in terms], col_max, col_spacing)


class HelpContext(click.Context):
    """A context whose help fits the terminal in every language."""

    formatter_class = _Page


def in_our_language(command: click.Command) -> click.Command:
    """Give a command whose help is in the language that is spoken; the command itself stays as it is."""
    said = copy.copy(command)
    said.context_class = HelpContext
    said.help, said.epilog = _said(command.help), _said(command.epilog)
    said.short_help = _short(said.help or "")
    said.params = [_parameter(each) for each in command.params]
    if isinstance(said, click.Group):
        said.commands = {name: in_our_language(each) for name, each in said.commands.items()}
    return said


def texts_of(command: click.Command) -> Iterator[str]:
    """Give every text in the help of a command and of those below it, for translators."""
    texts = [command.help, command.epilog]
    texts += [each.help for each in command.params if isinstance(each, click.Option | click.Argument)]
    for text in filter(None, texts):
        yield from (said for _, said in _paragraphs(text))
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from texts_of(below)


def _parameter(parameter: click.Parameter) -> click.Parameter:
    if not isinstance(parameter, click.Option | click.Argument):
        return parameter
    said = copy.copy(parameter)
    said.help = _said(parameter.help)
    return said


def _short(text: str) -> str:
    """Give the sentence that tells of a command among others; where there are no spaces, click itself finds no end."""
    _, first = next(_paragraphs(text), ("", ""))
    sentence = first_sentence(first)
    return first[: len(sentence) + 1]


def _said(text: str | None) -> str | None:
    return "\n\n".join(mark + say(part) for mark, part in _paragraphs(text)) if text else text


def _paragraphs(text: str) -> Iterator[tuple[str, str]]:
    """Part a help text: each paragraph with the mark before it, in one line unless it is to stay as it is written."""
    for part in inspect.cleandoc(text).split("\n\n"):
        if part.startswith(_AS_WRITTEN):
            yield _AS_WRITTEN, part.removeprefix(_AS_WRITTEN)
        elif part:
            yield "", " ".join(part.split())


def _filled(text: str, room: int) -> str:
    """Break the paragraphs of a text into lines, and have click leave them so."""
    from trayapp.cli.wrapping import wrapped  # noqa: PLC0415 - for whoever asks for help, and no other

    return "\n\n".join(
        _AS_WRITTEN + (part if mark else "\n".join(wrapped(part, room))) for mark, part in _paragraphs(text)
    )
