"""Text that others chose cannot bend the sentence around it."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import ACCOUNT_ID, QUICK
from trayapp.core.text import (
    ELLIPSIS,
    REPLACEMENT,
    clause,
    clean,
    first_sentence,
    grouped_account,
    name,
    parted,
    quoted,
    shorten,
)

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)
LIMITS = st.integers(1, 60)


@given(ANY_TEXT)
@settings(QUICK, max_examples=300)
def test_nothing_invisible_or_reordering_survives_cleaning(text: str) -> None:
    cleaned = clean(text)
    assert not {unicodedata.category(char) for char in cleaned} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert len(cleaned) == len(text)
    assert clean(cleaned) == cleaned
    cleaned.encode()


@pytest.mark.parametrize(
    "char",
    [
        "\n",
        "\r",
        "\t",
        "\0",
        "\x1b",
        "\x7f",
        "\x9b",
        "\N{RIGHT-TO-LEFT OVERRIDE}",
        "\N{LEFT-TO-RIGHT EMBEDDING}",
        "\N{POP DIRECTIONAL ISOLATE}",
        "\N{RIGHT-TO-LEFT MARK}",
        "\N{ZERO WIDTH SPACE}",
        "\N{ZERO WIDTH JOINER}",
        "\N{SOFT HYPHEN}",
        "\N{LINE SEPARATOR}",
        "\N{PARAGRAPH SEPARATOR}",
        "\N{TAG LATIN SMALL LETTER A}",
        "\ud800",
        "\ue000",
        "\uffff",
    ],
)
def test_what_could_hide_reorder_or_break_is_shown_as_a_replacement(char: str) -> None:
    assert name(f"a{char}b") == f"a{REPLACEMENT}b"


@given(st.text(st.characters(categories=["L", "M", "N", "P", "S"]), max_size=30))
@QUICK
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert clean(text) == text


@given(ANY_TEXT, LIMITS)
@settings(QUICK, max_examples=300)
def test_shortened_text_keeps_within_the_limit_and_keeps_both_ends(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) == min(len(text), limit)
    if len(text) <= limit:
        assert short == text
    else:
        head, tail = short[: limit // 2], short[limit // 2 + 1 :]
        assert short == head + ELLIPSIS + tail
        assert text.startswith(head)
        assert text.endswith(tail)
        assert 0 <= len(head) - len(tail) <= 1


def test_the_middle_is_what_is_left_out() -> None:
    assert shorten("backup-of-everything-admin", 14) == "backup-…-admin"


@given(ANY_TEXT, LIMITS)
@settings(QUICK, max_examples=300)
def test_a_name_in_quotation_marks_cannot_close_them(text: str, limit: int) -> None:
    sentence = quoted(text, limit)
    assert (sentence[0], sentence[-1]) == ("“", "”")
    assert not set(sentence[1:-1]) & set("“”„‟「」")
    assert len(sentence) <= limit + 2


def test_quotation_marks_in_a_name_become_plain_ones() -> None:
    assert quoted("x” was deleted. User “root") == "“x' was deleted. User 'root”"
    assert quoted("「a」 „b‟") == "“'a' 'b'”"


def test_space_around_a_name_is_no_part_of_it() -> None:
    assert name("  eve \N{IDEOGRAPHIC SPACE}") == "eve"


def test_an_account_number_is_grouped_as_the_console_does() -> None:
    assert grouped_account(ACCOUNT_ID) == "1234-5678-9012"


@pytest.mark.parametrize(("text", "shown"), [("", ""), ("1234", "1234"), ("12345678901x", "12345678901x")])
def test_what_is_no_account_number_is_shown_as_a_name(text: str, shown: str) -> None:
    assert grouped_account(text) == shown


@given(ANY_TEXT)
@QUICK
def test_an_account_number_of_any_kind_is_clean_and_short(text: str) -> None:
    shown = grouped_account(text)
    assert len(shown) <= 16
    assert clean(shown) == shown


@pytest.mark.parametrize(
    ("text", "line", "first"),
    [
        ("Wait. Then ask again.", "Wait. Then ask again", "Wait"),
        ("Run: trayapp login", "Run: trayapp login", "Run: trayapp login"),
        ("Name it in AWS.CA_BUNDLE.", "Name it in AWS.CA_BUNDLE", "Name it in AWS.CA_BUNDLE"),
        ("待ってください。また尋ねます。", "待ってください。また尋ねます", "待ってください"),
    ],
)
def test_a_sentence_of_our_own_can_stand_beside_others_in_any_language(text: str, line: str, first: str) -> None:
    assert (clause(text), first_sentence(text)) == (line, first)


def test_a_title_that_fits_stays_whole() -> None:
    assert parted("New user “helpdesk2”", 46) == ("New user “helpdesk2”", "")


def test_a_title_too_wide_is_parted_at_its_last_pause_that_fits() -> None:
    title = "Stack web: 1 instance, 1 load balancer, 1 auto-scaling group"
    assert parted(title, 46) == ("Stack web: 1 instance, 1 load balancer", "1 auto-scaling group")
    assert parted(title, 12) == ("Stack web", "1 instance, 1 load balancer, 1 auto-scaling group")
    assert parted("スタック web: インスタンス 2 台、ロードバランサー 1 台", 40) == (
        "スタック web: インスタンス 2 台",
        "ロードバランサー 1 台",
    )


def test_a_title_is_never_parted_inside_of_a_name_that_somebody_else_chose() -> None:
    title = "User “, and nothing else happened; sleep well” was deleted"
    assert parted(title, 40) == (title, "")
