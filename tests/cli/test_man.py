"""The manual page and the help that it is made from."""

import re
import shutil
import subprocess
from collections.abc import Iterator

import click
import pytest

from cli.computer import Computer
from trayapp.cli import main
from trayapp.cli.man import page


def every_command() -> Iterator[click.Context]:
    waiting = [click.Context(main, info_name="trayapp")]
    while waiting:
        context = waiting.pop()
        yield context
        if isinstance(context.command, click.Group):
            for name in context.command.list_commands(context):
                command = context.command.get_command(context, name)
                assert command is not None
                waiting.append(click.Context(command, parent=context, info_name=name))


COMMANDS = {context.command_path: context for context in every_command()}


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_says_what_it_does_and_what_each_of_its_options_does(path: str) -> None:
    command = COMMANDS[path].command
    assert command.help
    assert command.help[0].isupper()
    for option in command.params:
        if isinstance(option, click.Option):
            assert (option.help or "").endswith("."), f"{path} {option.opts}"


@pytest.mark.parametrize("path", COMMANDS)
def test_help_fits_on_80_columns_and_shows_no_marks_of_its_making(path: str) -> None:
    helped = COMMANDS[path].command.get_help(COMMANDS[path])
    assert all(len(line) <= 80 for line in helped.splitlines())
    assert "\\b" not in helped
    assert "\b" not in helped


def test_no_sentence_in_the_overview_is_cut(computer: Computer) -> None:
    overview = computer.run("--help").stdout.partition("Commands:")[2]
    assert {line.split()[0] for line in overview.splitlines() if line} == set(main.list_commands(click.Context(main)))
    assert all(line.endswith(".") and not line.endswith("..") for line in overview.splitlines() if line)


def test_the_page_tells_of_every_command_and_option(computer: Computer) -> None:
    printed = computer.run("man")
    assert (printed.returncode, printed.stderr) == (0, "")
    text = printed.stdout.replace(r"\-", "-")
    for path, context in COMMANDS.items():
        if context.parent:
            assert f'.SS "{path}' in text
        for param in context.command.params:
            assert isinstance(param, click.Argument) or "--version" in param.opts or param.opts[-1] in text


def test_the_same_commands_give_the_same_page(computer: Computer) -> None:
    elsewhere = {"LANG": "C", "COLUMNS": "40", "TZ": "UTC", "PYTHONHASHSEED": "1"}
    assert computer.run("man").stdout == computer.run("man", env=elsewhere).stdout


def test_nothing_in_the_page_is_taken_for_a_request_by_accident() -> None:
    requests = {".TH", ".SH", ".SS", ".PP", ".TP", ".nf", ".fi"}
    for line in page(click.Context(main, info_name="trayapp")):
        assert not line.startswith("'")
        assert not line.startswith(".") or line.split()[0] in requests
        assert "\n" not in line
        assert not re.search(r"\\(?![-&(f])", line)


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
def test_groff_sets_the_page_without_a_warning(computer: Computer) -> None:
    set_page = subprocess.run(
        ["groff", "-man", "-Tutf8", "-Kutf8", "-ww", "-P-cbou", "-rLL=80n"],
        input=computer.run("man").stdout.encode(),
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert set_page.stderr == b""
    text = set_page.stdout.decode()
    assert "trayapp history [OPTIONS]" in text
    assert re.search(r"^ +3 status: not everything is being watched$", text, re.MULTILINE)
