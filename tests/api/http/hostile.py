"""Files that are made to do harm, each as small as it can be."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib

import polars as pl

SHEET_NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
CELLS = '<row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>a</t></is></c></row>'
PARTS = {
    "[Content_Types].xml": '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<?xml version="1.0" encoding="UTF-8"?><workbook {SHEET_NS} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="regions" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/worksheets/sheet1.xml": f'<?xml version="1.0" encoding="UTF-8"?><worksheet {SHEET_NS}><sheetData>{CELLS}</sheetData></worksheet>',
}  # fmt: skip
"""The least workbook: a sheet ``regions`` with one code."""
SHEET = "xl/worksheets/sheet1.xml"


def workbook(*more: tuple[str, str | bytes], **changed: str | bytes) -> bytes:
    """The least workbook with parts changed (``sheet`` and ``book`` by these words) and further ones added."""
    named = {"sheet": SHEET, "book": "xl/workbook.xml", "rels": "xl/_rels/workbook.xml.rels"}
    parts = {**PARTS, **{named[k]: v for k, v in changed.items()}}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (*parts.items(), *more):
            archive.writestr(name, content)
    return out.getvalue()


def sheet_of(cells: str, before: str = "") -> str:
    """A sheet with other cells, and something before its root."""
    return f'<?xml version="1.0" encoding="UTF-8"?>{before}<worksheet {SHEET_NS}><sheetData>{cells}</sheetData></worksheet>'


LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)


def billion_laughs() -> bytes:
    """A sheet of which one cell would be a billion words."""
    return workbook(
        sheet=sheet_of('<row r="1"><c r="A1" t="inlineStr"><is><t>&a9;</t></is></c></row>', LAUGHS)
    )


def entity_in_utf16() -> bytes:
    """Entities in an encoding in which nobody looks for them."""
    text = sheet_of(CELLS, '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>').replace(
        "UTF-8", "UTF-16"
    )
    return workbook(sheet=text.encode("utf-16"))


def entity_across_pieces() -> bytes:
    """A document type that begins where one piece ends and the next begins."""
    filler = random.Random(1).randbytes((1 << 19) - 26).hex()
    before = f'<?xml version="1.0" encoding="UTF-8"?><!--{filler}-->'
    begins = before + " " * ((1 << 20) - 5 - len(before)) + "<!DOCTYPE a>"
    assert begins.index("<!DOCTYPE") == (1 << 20) - 5
    return workbook(sheet=begins + "<a/>")


def burst(megabytes: int) -> bytes:
    """A sheet of blanks that unpacks to so much."""
    blanks = b" " * (1 << 20)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in PARTS.items():
            if name != SHEET:
                archive.writestr(name, content)
        with archive.open(SHEET, "w", force_zip64=False) as sheet:
            head, tail = PARTS[SHEET].encode().split(b"<sheetData>")
            sheet.write(head)
            for _ in range(megabytes):
                sheet.write(blanks)
            sheet.write(b"<sheetData>" + tail)
    return out.getvalue()


def lying(said: int, real: int) -> bytes:
    """A part that says it is small, and is not: what its record says of its size is changed, and of its checksum too."""
    content = b"<a>" + b" " * (real - 7) + b"</a>"
    whole = workbook(("xl/worksheets/sheet2.xml", content))
    right, wrong = struct.pack("<I", real), struct.pack("<I", said)
    crc, short = struct.pack("<I", zlib.crc32(content)), struct.pack("<I", zlib.crc32(content[:said]))
    return whole.replace(right, wrong).replace(crc, short)


def overlapping() -> bytes:
    """Two entries of an archive that share their bytes."""
    whole = bytearray(workbook(("xl/a.xml", "<a/>"), ("xl/b.xml", "<a/>")))
    first, second = (whole.rindex(name) - 46 for name in (b"xl/a.xml", b"xl/b.xml"))
    whole[second + 42 : second + 46] = whole[first + 42 : first + 46]
    return bytes(whole)


def link_in_archive() -> bytes:
    """An entry that is a symbolic link."""
    out = io.BytesIO(workbook())
    with zipfile.ZipFile(out, "a") as archive:
        entry = zipfile.ZipInfo("xl/media/a.xml")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def wide_sheet() -> bytes:
    """Two cells, as far from each other as a sheet goes: a reader that holds the space between holds 17 thousand million cells."""
    far = '<row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return workbook(sheet=sheet_of(far))


def encrypted() -> bytes:
    """An archive whose entries say that they are encrypted."""
    whole = bytearray(workbook())
    for at in range(len(whole) - 4):
        if whole[at : at + 4] in (b"PK\x01\x02", b"PK\x03\x04"):
            whole[at + (8 if whole[at + 2] == 1 else 6)] |= 1
    return bytes(whole)


def parquet(frame: pl.DataFrame | None = None) -> bytes:
    """A Parquet file."""
    out = io.BytesIO()
    (
        pl.DataFrame({"code": ["a"], "name": ["A"], "level": ["province"]}) if frame is None else frame
    ).write_parquet(out)
    return out.getvalue()


def parquet_with_a_hole() -> bytes:
    """A Parquet file with its footer and without a part of its pages."""
    whole = parquet(pl.DataFrame({"code": [f"code-{n * n}" for n in range(5000)]}))
    size = int.from_bytes(whole[-8:-4], "little") + 8
    return whole[:2000] + whole[-size:]


def parquet_of_absurd_rows() -> bytes:
    """A Parquet file whose footer says that it has far more rows than it has."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.table({"code": ["a"] * 777}), out)
    whole = out.getvalue()

    def zigzag(number: int) -> bytes:
        number, told = number * 2, bytearray()
        while number > 127:
            told.append(number & 127 | 128)
            number >>= 7
        return bytes([*told, number])

    size = int.from_bytes(whole[-8:-4], "little")
    start = len(whole) - 8 - size
    footer = whole[start:-8].replace(zigzag(777), zigzag(10**15))
    return whole[:start] + footer + len(footer).to_bytes(4, "little") + b"PAR1"


def parquet_that_bursts(rows: int) -> bytes:
    """Few bytes that are very many rows of a long text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    one = pa.array(["x" * 5000])
    column = pa.DictionaryArray.from_arrays(pa.array([0]).take(pa.array([0] * rows)), one)
    pq.write_table(pa.table({"code": column}), out, compression="zstd")
    return out.getvalue()
