"""What a .docx says, as JSON: its paragraphs and tables in order, header, footer, page; by the standard's names alone."""
import json
import sys
import zipfile
from xml.etree import ElementTree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def words(node):
    return "".join(t.text or "" for t in node.iter(W + "t"))


def style(paragraph):
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return found.get(W + "val") if found is not None else ""


package = zipfile.ZipFile(sys.argv[1])
part = {name: ElementTree.fromstring(package.read(name)) for name in package.namelist()}
body = part["word/document.xml"].find(W + "body")
size = body.find(f"{W}sectPr/{W}pgSz")
fonts = {
    each.get(W + "styleId"): (each.find(f"{W}rPr/{W}rFonts") is not None and each.find(f"{W}rPr/{W}rFonts").get(W + "eastAsia"))
    for each in part["word/styles.xml"].iter(W + "style")
}
print(
    json.dumps(
        {
            "blocks": [
                {"style": style(node), "text": words(node)}
                if node.tag == W + "p"
                else {
                    "rows": [[words(cell) for cell in row.iter(W + "tc")] for row in node.iter(W + "tr")],
                    "heads": sum(1 for _ in node.iter(W + "tblHeader")),
                }
                for node in body
                if node.tag in (W + "p", W + "tbl")
            ],
            "header": words(part["word/header.xml"]) if "word/header.xml" in part else "",
            "footer": words(part["word/footer.xml"]),
            "page": [size.get(W + "w"), size.get(W + "h")],
            "fonts": fonts,
        },
        ensure_ascii=False,
    )
)
