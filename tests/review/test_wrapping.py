"""Lines are broken where the language breaks them."""

from hypothesis import given
from hypothesis import strategies as st

from trayapp.core.text import width
from trayapp.review.wrapping import wrapped


def test_japanese_is_broken_between_any_two_letters() -> None:
    assert wrapped("上から順に進めてください。", 10, width) == "上から順に\n進めてくだ\nさい。"


def test_no_line_begins_with_a_full_stop_or_ends_with_an_opening_bracket() -> None:
    assert wrapped("これで終わり。", 12, width) == "これで終わ\nり。"
    assert wrapped("名前は「web」", 8, width) == "名前は\n「web」"


def test_a_latin_word_stays_whole_and_ends_no_line_early() -> None:
    said = "AWS に拒否される場合は CloudTrail を見ます"
    assert wrapped(said, 16, width) == "AWS に拒否される\n場合は\nCloudTrail を見\nます"


def test_lines_that_are_there_stay_apart() -> None:
    assert wrapped("一\n\n二", 10, width) == "一\n\n二"


@given(st.text(alphabet="あア漢。、「」()a b-…", max_size=60), st.integers(1, 30))
def test_nothing_is_lost(text: str, room: int) -> None:
    assert "".join(wrapped(text, room, width).split()) == "".join(text.split())
