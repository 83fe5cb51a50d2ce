"""One window for each owner."""

import threading
from pathlib import Path

import pytest

from trayapp.desktop.control import Message
from trayapp.desktop.instance import AlreadyRunning
from trayapp.review.only_one import Page, Wish, claim, raise_other, understood


@pytest.mark.parametrize("page", Page)
def test_a_wish_is_understood(page: Page) -> None:
    assert understood(Wish(page, 7).said()) == Wish(page, 7)


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"ask": "quit"},
        {"ask": "show", "page": "elsewhere", "alert": 1},
        {"ask": "show", "page": ["list"], "alert": 1},
        {"ask": "show", "page": "list", "alert": "1"},
    ],
)
def test_nothing_else_is(request_: Message) -> None:
    assert understood(request_) is None


def test_without_a_window_there_is_none_to_raise(tmp_path: Path) -> None:
    assert not raise_other(tmp_path / "run", Wish())


def test_the_window_that_is_there_is_told_what_to_show(tmp_path: Path) -> None:
    heard: list[Wish | None] = []
    told = threading.Event()

    def answer(request: Message) -> Message:
        heard.append(understood(request))
        told.set()
        return {"shown": True}

    with claim(tmp_path / "run") as instance:
        instance.serve(answer)
        with pytest.raises(AlreadyRunning):
            claim(tmp_path / "run")
        assert raise_other(tmp_path / "run", Wish(Page.RESPOND, 3))
        assert told.wait(5)
    assert heard == [Wish(Page.RESPOND, 3)]
    assert not raise_other(tmp_path / "run", Wish())
