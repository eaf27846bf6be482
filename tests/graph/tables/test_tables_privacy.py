"""What looks like a person's number is refused; what only looks long is not."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import TableErrors
from graph.tables import read_network
from graph.tables.privacy import luhn, personal_number


@pytest.mark.parametrize(("text", "kind"), [
    ("11010519491231002X", "id"),
    ("张三 110105194912310021", "id"),  # a wrong check digit is still a person's number
    ("110105491231002", "id"),
    ("13812345678", "phone"),
    ("电话：138-1234-5678。", "phone"),
    ("+86 13812345678", "phone"),
    ("010-62345678", "phone"),
    ("6222 0212 3456 7894", "card"),
    ("4111111111111111", "card"),
])  # fmt: skip
def test_personal_numbers_are_seen(text, kind):
    assert personal_number(text) == kind


@pytest.mark.parametrize("text", [
    "", "533325100201", "ew:440400:533300", "2016-12-07", "4111111111111112", "110105194913310021",
    "daily.cnnb.com.cn/nbrb/html/2016-12/08/content_13812345678.htm", "https://a.cn/p/4111111111111111",
    "12012345678", "1234567890123456789",
])  # fmt: skip
def test_other_numbers_pass(text):
    assert personal_number(text) == ""


def test_codes_of_eleven_digits_are_no_telephones():
    assert personal_number("13812345678", is_code=True) == ""
    assert personal_number("11010519491231002X", is_code=True) == "id"


@given(st.text("0123456789", min_size=1, max_size=18))
def test_exactly_one_check_digit_is_right(digits):
    assert sum(luhn(digits + d) for d in "0123456789") == 1


@given(st.text("0123456789", min_size=15, max_size=18), st.integers(0, 14))
def test_luhn_sees_every_single_wrong_digit(digits, place):
    check = next(d for d in "0123456789" if luhn(digits + d))
    other = str((int(digits[place]) + 1) % 10)
    assert not luhn(digits[:place] + other + digits[place + 1 :] + check)


def test_the_refusal_names_the_place_and_never_the_number(errors):
    found = errors(documents="id,title\nd1,ok\nd2,李四 13812345678\n")
    assert [(f.code, f.row, f.column) for f in found] == [("personal-number", 3, "title")]
    assert "13812345678" not in str(found[0])


def test_identity_numbers_as_ids_are_refused(errors):
    assert [f.code for f in errors(cadres="id\n11010519491231002X\n")] == ["personal-number"]


@pytest.mark.parametrize("number", ["13812345678", "110101199003077758", "010-62345678"])
@pytest.mark.parametrize("header", ["tel", "remark_of_mine", ""])
def test_personal_numbers_in_columns_that_are_left_out_are_refused_too(errors, number, header):
    found = errors(units=f"id,{header}\nu1,\n\nu2,{number}\n")
    assert [(f.code, f.row, f.column) for f in found] == [("personal-number", 4, header or None)]
    assert number not in str(found[0])


@pytest.mark.parametrize("cells", [[13812345678, None], [13812345678.0, None], [["13812345678"], []]])
def test_personal_numbers_of_any_type_are_refused(tmp_path, cells):
    pl.DataFrame({"id": ["u1", "u2"], "tel": cells}).write_parquet(tmp_path / "units.parquet")
    with pytest.raises(TableErrors) as caught:
        read_network(tmp_path)
    assert [(f.code, f.row) for f in caught.value.findings if f.severity == "error"] == [
        ("personal-number", 2)
    ]
