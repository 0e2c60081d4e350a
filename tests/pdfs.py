"""PDFs for tests: words where they are put, and drawn lines, in fonts that every reader has."""

_SIZE, _WIDTH = 11, 0.6


def pdf(*pages, rules=()):
    """The bytes of a document. A page is a list of (x, y, text) or (x, y, text, size), `rules` boxes (x, y, width, height)."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Courier>>",
        4: b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[5 0 R]>>",
        5: b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/FontDescriptor 6 0 R"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>",
        6: b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[0 -120 1000 880]/ItalicAngle 0/Ascent 880"
        b"/Descent -120/CapHeight 880/StemV 80>>",
    }
    kids = []
    for words in pages:
        drawn = "".join(f"{x} {y} {width} {height} re f\n" for x, y, width, height in rules)
        content = (drawn + "".join(_placed(*word) for word in words)).encode()
        kids.append(max(objects) + 1)
        objects[kids[-1]] = (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R/F2 4 0 R>>>>>>" % (kids[-1] + 1)
        )
        objects[kids[-1] + 1] = b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)
    objects[2] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(b"%d 0 R" % kid for kid in kids), len(kids))
    data, offsets = b"%PDF-1.4\n", []
    for number in sorted(objects):
        offsets.append(len(data))
        data += b"%d 0 obj%s\nendobj\n" % (number, objects[number])
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + trailer


def rows(lines, at=(60, 700), columns=(0, 220, 300, 380), step=18):
    """The words of a table, a list of cells a row; numbers end where their column ends."""
    return [
        (at[0] + x + (60 - _WIDTH * _SIZE * len(cell) if n else 0), at[1] - step * row, cell)
        for row, cells in enumerate(lines)
        for n, (x, cell) in enumerate(zip(columns, cells, strict=False))
        if cell
    ]


def filled(text, at=(60, 780), width=70, step=16):
    """The words of a paragraph, in lines of so many letters."""
    import textwrap

    return [(at[0], at[1] - step * n, line) for n, line in enumerate(textwrap.wrap(text, width))]


def _placed(x, y, text, size=_SIZE):
    if text.isascii():
        shown = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        return f"BT /F1 {size} Tf {x:g} {y:g} Td ({shown}) Tj ET\n"
    return f"BT /F2 {size} Tf {x:g} {y:g} Td <{text.encode('utf-16-be').hex()}> Tj ET\n"
