"""Reading what desktops say of their looks."""

import pytest

from trayapp.review.looks import font, is_dark_theme, prefers_dark


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("DejaVu Sans 10", ("DejaVu Sans", 10.0)),
        ("'Cantarell 11'", ("Cantarell", 11.0)),
        ("Noto Sans Regular 10.5", ("Noto Sans", 10.5)),
        ("Ubuntu, 12", ("Ubuntu", 12.0)),
        ("", ("", 0.0)),
        ("Sans", ("", 0.0)),
    ],
)
def test_a_font_is_read_as_gtk_writes_it(said: str, expected: tuple[str, float]) -> None:
    assert font(said) == expected


def test_the_portals_scheme_is_read() -> None:
    assert [prefers_dark(each) for each in (0, 1, 2, "1", None)] == [None, True, False, None, None]


@pytest.mark.parametrize("name", ["Adwaita-dark", "prefer-dark", "Yaru-blue-dark", "Greybird-dark", "Adapta-Noir"])
def test_dark_themes_are_known_by_their_names(name: str) -> None:
    assert is_dark_theme(name)


@pytest.mark.parametrize("name", ["Adwaita", "prefer-light", "Greybird", "Solarized"])
def test_light_themes_are_known_too(name: str) -> None:
    assert is_dark_theme(name) is False
