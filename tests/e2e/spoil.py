"""A real workbook with mistakes of the kinds that people make, and the same with them mended.

spoil.py SENT OUT CHANGES: each change is CELL=TEXT; the cell becomes text. Names of headers change the same way.
"""
import re
import sys
import zipfile
from xml.sax.saxutils import escape

sent, out, changes = sys.argv[1], sys.argv[2], dict(one.split("=", 1) for one in sys.argv[3:])
with zipfile.ZipFile(sent) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
    for item in before.infolist():
        data = before.read(item)
        if item.filename == "xl/worksheets/sheet1.xml":
            sheet = data.decode()
            for cell, text in changes.items():
                written = f'<c r="{cell}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
                sheet, found = re.subn(rf'<c r="{cell}"(?: [^>]*)?(?:/>|>.*?</c>)', written, sheet, count=1)
                assert found == 1, cell
            data = sheet.encode()
        after.writestr(item, data)
