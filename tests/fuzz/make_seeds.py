"""Makes the seeds: small inputs of every target. All text in them is invented.

    python tests/fuzz/make_seeds.py [FOLDER]

Fonts, clocks and random numbers have no part in it: it gives the same files each time, but for
what other versions of the libraries that pack do otherwise.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import sys
import tarfile
import zipfile
from pathlib import Path

import zstandard

PAGE = """望澜日报
2023年8月22日 星期二 第3版

望澜河整治工程全面完工

本报讯（记者 林晓岚）望澜河整治工程昨日全面完工，两岸居民出行更加方便。
网格化服务管理中心说，河道清淤共用时八个月。（下转第四版）

图为完工后的河岸。何予安 摄

青岚桥夜间封闭施工

　　本报讯 青岚桥自今晚起夜间封闭施工，为期十天，请过往车辆绕行。
　　施工单位说，工期最短十天。
责任编辑：周末
"""

NOTES = """---
title: 社区食堂开张
author: [何予安]
date: 2023-08-22
---
# 社区食堂开张

记者 何予安

**老人用餐**打八折。PPT 2023 展示了菜单。

## 菜单
- 豆腐
- 白菜
"""

TWO = """# 志愿服务队招募

志愿服务队面向全市招募队员。

# 秋季运动会开幕

运动会昨日开幕，（上接第一版）共有八百人参加。
"""

RECORDS = [
    {"id": "c1", "title": "网格员走访记", "body": "網格員每天走訪三十戶人家。", "date": "2023-08",
     "paper": "望澜晚报", "authors": ["林晓岚", "周末"], "url": "https://example.org/c1"},
    {"标题": "青岚桥封闭", "正文": "青岚桥自今晚起封闭。", "日期": "2022年", "记者": "何予安 周末", "版次": 3},
    {"headline": "Bridge closed", "text": "The bridge is closed.\r\nFor ten days.", "section": "news"},
]  # fmt: skip

HTML = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>望澜河整治工程完工_望澜日报</title>
<meta property="og:title" content="望澜河整治工程完工"><meta name="author" content="林晓岚">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "望澜河整治工程完工",
"datePublished": "2023-08-22T09:00:00+08:00", "author": [{{"@type": "Person", "name": "林晓岚"}}]}}</script>
</head><body><ul class="menu"><li><a href="/">首页</a></li><li><a href="/b">要闻</a></li></ul>
<article><h1>望澜河整治工程完工</h1><time datetime="2023-08-22">8月22日</time>
<p>本报讯（记者 林晓岚）望澜河整治工程昨日全面完工，两岸居民出行更加方便。</p>
<p>{"网格化服务管理中心说，河道清淤共用时八个月。" * 4}</p><table><tr><td>一</td><td>二</td></tr></table>
<pre>原文
如此</pre></article><div style="display:none">藏</div></body></html>
"""

HOCR = """<!DOCTYPE html><html><head><title></title></head><body>
<div class='ocr_page' id='p1' title='image "a.png"; bbox 0 0 900 1200; ppageno 0'>
<div class='ocr_carea' title="bbox 40 40 860 200"><p class='ocr_par'>
<span class='ocr_line' title="bbox 40 40 860 90"><span class='ocrx_word' title='bbox 40 40 400 90; x_wconf 93'>青岚桥</span>
<span class='ocrx_word' title='bbox 410 40 860 90; x_wconf 90'>封闭施工</span></span>
<span class='ocr_line' title="bbox 40 100 860 130"><span class='ocrx_word' title='bbox 40 100 860 130'>本报讯</span></span></p></div>
<div class='ocr_carea' title="bbox 40 300 860 500"><span class='ocr_line' title="bbox 40 300 860 340">社区食堂今天开张。</span></div>
</div><div class='ocr_page' title='bbox 0 0 9 9'></div></body></html>
"""

ALTO = """<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Layout>
<ReadingOrder><OrderedGroup><ElementRef REF="b2"/><ElementRef REF="b1"/></OrderedGroup></ReadingOrder>
<Page ID="p1"><PrintSpace><ComposedBlock ID="c1">
<TextBlock ID="b1" IDNEXT="b2" HPOS="10" VPOS="10" WIDTH="400" HEIGHT="90"><TextLine HPOS="10" VPOS="10" WIDTH="400" HEIGHT="40">
<String CONTENT="青岚桥" HPOS="10" VPOS="10" WIDTH="120" HEIGHT="40"/><SP/><String CONTENT="封闭" HPOS="140" VPOS="10" WIDTH="80" HEIGHT="40"/>
</TextLine></TextBlock></ComposedBlock>
<TextBlock ID="b2"><TextLine><String CONTENT="ex" SUBS_TYPE="HypPart1" SUBS_CONTENT="example"/><HYP CONTENT="-"/></TextLine>
<TextLine><String CONTENT="ample" SUBS_TYPE="HypPart2" SUBS_CONTENT="example"/></TextLine></TextBlock>
</PrintSpace></Page></Layout></alto>
"""

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_P = "http://schemas.openxmlformats.org/package/2006"
_O = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = {
    "[Content_Types].xml": f'<Types xmlns="{_P}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
    'ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override '
    'PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_P}/relationships"><Relationship Id="r1" '
    f'Type="{_O}/officeDocument" Target="word/document.xml"/></Relationships>',
    "word/_rels/document.xml.rels": f'<Relationships xmlns="{_P}/relationships"><Relationship Id="r1" '
    f'Type="{_O}/styles" Target="styles.xml"/></Relationships>',
    "word/styles.xml": f'<w:styles {_W}><w:style w:type="paragraph" w:styleId="H"><w:name '
    'w:val="heading 1"/></w:style><w:style w:type="paragraph" w:styleId="I"><w:basedOn w:val="H"/>'
    "</w:style></w:styles>",
    "word/document.xml": f'<w:document {_W}><w:body><w:p><w:pPr><w:pStyle w:val="I"/></w:pPr><w:r>'
    "<w:t>青岚桥封闭施工</w:t></w:r></w:p><w:p><w:r><w:t>本报讯（记者 何予安）</w:t><w:br/><w:tab/>"
    "<w:t>为期十天。</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>一</w:t></w:r></w:p></w:tc><w:tc>"
    "<w:p><w:r><w:t>二</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p><w:del><w:r><w:t>去</w:t></w:r></w:del>"
    "<w:r><w:txbxContent><w:p><w:r><w:t>框中的话。</w:t></w:r></w:p></w:txbxContent></w:r></w:p></w:body></w:document>",
}
BOOK = {
    "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="o/c.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
    "o/c.opf": '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<metadata><dc:title>望澜旧闻</dc:title><dc:date>2021-05</dc:date><dc:creator>周末</dc:creator></metadata>"
    '<manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/><item id="n" href="n.xhtml" '
    'media-type="application/xhtml+xml" properties="nav"/></manifest><spine><itemref idref="a"/></spine></package>',
    "o/a.xhtml": '<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>第一章</h1><p>老街的早市在五点开门。</p>'
    "<h2>早市</h2><p>卖豆腐的人最先来。</p></body></html>",
    "o/n.xhtml": "<html><body><nav>目录</nav></body></html>",
}


def bundle(members: dict[str, str]) -> bytes:
    """Return members as the targets take them: each behind a line with its name."""
    return "".join(f"=== {name}\n{text}\n" for name, text in members.items()).encode()


def zipped(members: dict[str, bytes]) -> bytes:
    """Return a ZIP file, the same each time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, (2023, 8, 22, 9, 0, 0))
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def tarred(members: dict[str, bytes], format_: int) -> bytes:
    """Return a tar file without the blocks that fill it up."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=format_) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    used = len(packed.getvalue().rstrip(b"\0"))
    return packed.getvalue()[: (used // 512 + 3) * 512]


def pdf(text: str, *, compress: bool = False) -> bytes:
    """Return a PDF of one page; its font tells what the codes of two bytes mean."""
    import zlib

    codes = {char: number for number, char in enumerate(dict.fromkeys(text), 1)}
    lines = [
        f"1 0 0 1 60 {760 - 20 * i} Tm <{''.join(f'{codes[c]:04x}' for c in line)}> Tj"
        for i, line in enumerate(text.split("\n"))
        if line
    ]
    content = ("BT /F 12 Tf " + " ".join(lines) + " ET").encode()
    chars = "\n".join(f"<{n:04x}> <{ord(c):04x}>" for c, n in codes.items())
    unicode = f"1 begincodespacerange <0000> <ffff> endcodespacerange {len(codes)} beginbfchar\n{chars} endbfchar"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
        content,
        b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>",
        (
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity)"
            b" /Supplement 0 >> /DW 1000 /FontDescriptor 8 0 R >>"
        ),
        unicode.encode(),
        (
            b"<< /Type /FontDescriptor /FontName /A /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 900 /Descent -100"
            b" /CapHeight 800 /StemV 80 >>"
        ),
    ]
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        if number in {4, 7}:
            packed = zlib.compress(body) if compress else body
            kind = b" /Filter /FlateDecode" if compress else b""
            written = b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(packed), kind, packed)
        else:
            written = body
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, written))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    out.write(
        b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    )
    return out.getvalue()


def mhtml() -> bytes:
    """Return a web page as browsers save it in one file."""
    from quopri import encodestring

    body = encodestring(HTML.encode("gb18030"))
    return (
        b'From: <Saved by a browser>\nMIME-Version: 1.0\nContent-Type: multipart/related; type="text/html"; boundary="x"\n\n'
        b"--x\nContent-Type: text/html; charset=gb18030\nContent-Transfer-Encoding: quoted-printable\n"
        b"Content-Location: https://example.org/a.html\n\n"
        + body
        + b"\n--x\nContent-Type: image/png\n"
        b"Content-Transfer-Encoding: base64\n\nAAAA\n--x--\n"
    )


def seeds() -> dict[str, list[bytes]]:
    """Return the seeds of each target."""
    page, notes, two = PAGE.encode(), NOTES.encode(), TWO.encode()
    lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in RECORDS).encode()
    table = 'title,body,date\n青岚桥封闭,"本报讯 ""十天""，\n请绕行。",2023-08-22\n食堂开张,今天开张。,\n'
    inside = {"a.txt": page, "b/望.md": two, "c.jsonl": lines}
    queries = [
        "望澜河 AND (网格化服务管理 OR 志愿服务) -旅游", 'title:"青岚桥"^2 NEAR/5 封闭', "青?桥 望*河 志愿服务~1",
        "标题：食堂 作者：何予安 日期：2023-08..2024 since:去年", "/青.{1,3}桥/ 3.14 一百二十三", "py:wanggehua paper:望澜日报",
        "「服务管理」 NOT path:*.md ＡＮＤ ＰＰＴ２０２３", "date:近30天 OR until:2020 body:(甲 | 乙)",
    ]  # fmt: skip
    expressions = [
        "青.{1,3}桥", "(?:望|澜)+河\\b", "(?P<a>网)格(?P=a)", "[[:alpha:]]+\\d{2,4}", "(?i)ppt|[^a-z]x", "(a|a)*b(?=c)",
        "\\p{Han}{3}(?<!日)报", "(?:工程){e<=1}",
    ]  # fmt: skip
    dates = [
        "2023年8月22日 星期二", "民国三十八年五月", "大清光緒三年八月初五日 第一千六百號", "农历二〇二三年腊月初八", "1938年3月5日至7日",
        "民国26年..民国38年", "02/12/2023星期六", "1692633600000", "Tue, 22 Aug 2023 08:30:00 GMT", "1949年8月1日创刊 2019年7月5日",
        "昭和十五年三月五日", "近30天", "光绪三年十一月至四年正月", "二ＯＯ八年",
    ]  # fmt: skip
    return {
        "dates": [text.encode() for text in dates],
        "query": [text.encode() for text in queries],
        "regex": [text.encode() for text in expressions],
        "search": [text.encode() for text in (*queries, "望澜河", "网", "服务 管理", "PPT 2023", "*", "网格NEAR服务")],
        "fold": [
            "２０２３年 網格化服\n務（後）".encode(), "e\u0301 ﬁ ﾊﾟ ㍿ ſ İ\u0307".encode(),
            "“望澜”——A\u200bB · 8月\n18日".encode(), "\U0002f800 \u1100\u1161\u11a8 \udcff".encode("utf-8", "surrogatepass"),
        ],
        "words": [PAGE[:200].encode(), "PPT 2023 网格化服务管理 3.5万人".encode()],
        "decode": [
            page[:120], PAGE[:60].encode("gb18030"), "望瀾日報，青嵐橋。".encode("big5"), PAGE[:40].encode("utf-16"),
            PAGE[:40].encode("utf-16-be"), PAGE[:20].encode("utf-32"), page[:100] + b"\xff\xfe" + page[100:140], b"\xef\xbb\xbfa\r\nb\rc",
        ],
        "splitter": [page, notes, two, NOTES.replace("\n", "\r\n").encode(), "望\n澜\n河\n\n正文在此。\n".encode()],
        "txt": [page, PAGE.encode("gb18030"), two],
        "md": [notes, two],
        "jsonl": [lines, lines.replace(b"\n", b"\r\n"), json.dumps(RECORDS[0]).encode(), b'{"a": 1}\n\n[]\nx\n'],
        "json": [json.dumps(RECORDS, ensure_ascii=False).encode(), json.dumps(RECORDS[1]).encode()],
        "csv": [table.encode(), table.encode("gb18030"), table.replace(",", ";").encode()],
        "tsv": [table.replace(",", "\t").encode()],
        "html": [HTML.encode(), HTML.replace("utf-8", "gb2312").encode("gb18030"), HOCR.encode()],
        "mhtml": [mhtml()],
        "hocr": [HOCR.encode()],
        "alto": [ALTO.encode(), ALTO.replace("UTF-8", "GBK").encode("gbk")],
        "docx": [bundle(WORD), zipped({name: text.encode() for name, text in WORD.items()})],
        "epub": [bundle(BOOK), zipped({name: text.encode() for name, text in BOOK.items()})],
        "pdf": [pdf("青岚桥封闭施工\n本报讯 为期十天。"), pdf("望澜日报\nPPT 2023", compress=True)],
        "zip": [
            bundle({"a.txt": PAGE, "b/c.md": TWO, "d.jsonl": lines.decode()}), zipped(inside),
            zipped({"e.zip": zipped({"a.txt": page}), "f.txt.gz": gzip.compress(page, mtime=0)}),
        ],
        "tar": [tarred(inside, tarfile.PAX_FORMAT), tarred({"x" * 120 + ".txt": two}, tarfile.GNU_FORMAT)],
        "gz": [gzip.compress(page, mtime=0), gzip.compress(two, mtime=0) + gzip.compress(two, mtime=0)],
        "xz": [lzma.compress(page)],
        "bz2": [bz2.compress(page)],
        "zst": [zstandard.compress(page), zstandard.compress(two) + zstandard.compress(page)],
        # The first byte is the place of the name among targets._NAMES.
        "contained": [
            b"\0" + HTML.encode(), b"\x01" + HOCR.encode(), b"\x02" + ALTO.encode(),
            b"\x03" + zipped({name: text.encode() for name, text in WORD.items()}),
            b"\x04" + zipped({name: text.encode() for name, text in BOOK.items()}),
            b"\x05" + gzip.compress(page, mtime=0), b"\x06" + zipped(inside), b"\x07" + pdf("青岚桥"), b"\x08" + mhtml(),
        ],
        # Which file, how, what in it, to what: see targets.index.
        "index": [bytes([third, *row]) for third, row in enumerate((
            [0, 0, 3, 0], [1, 10, 4, 50, 0, 9], [2, 130, 5, 1, 0, 0, 7], [3, 200, 7, 0, 0, 0, 1, 2, 3, 4],
            [2, 200, 9, 130, 11], [0, 0, 9, 250], [1, 251, 40, 0], [3, 70, 20, 90, 2, 131, 30, 4, 1, 0, 0, 0, 0],
        ))],
        "synonyms": ["# 同\n志愿服务 = 义工服务 = 志工服务\n电脑 => 计算机 微机\n".encode(), "\ufeff甲乙＝＞丙丁、戊己\r\n＝\n".encode()],
        "words_file": ["# 词\n望澜桥\n网格化服务管理 10 n\n望\n".encode(), b"\xff\n"],
        "settings": [
            b'index = "i"\ncorpus = ["c", "d"]\nlimit = 10\nmax_page_mb = 16\nmax_record_mb = 8.5\nwords = "w.txt"\n',
            b'synonyms = "../s.txt"\n[x]\ny = 1\n',
        ],
        "correction": [
            'version = 1\n\n[[page]]\npart = "p. 1"\ndate = "2023-05-12"\ndigest = "d0930e4af806b9b89d69d47c1ba75bf5"\n'
            'sums = ["779dd6 - 4b444d f4e051 c8c0ff"]\n\n[[page.article]]\nauthors = ["沈以宁"]\nheadline = "1"\n'
            'text = "3 5"\n\n[[page.article]]\nauthors = []\nheadline = ""\ntext = "4:0-2 4:2-"\n'.encode(),
            b"version = 2\n",
        ],
        "batch": ["q1\t望澜河\nq2\t青?桥\n\nq1\t再\nwrong\n".encode()],
    }  # fmt: skip


def main() -> None:
    """Write the seeds."""
    base = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "seeds"
    for target, several in seeds().items():
        folder = base / target
        folder.mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(several, 1):
            (folder / f"{number:02}").write_bytes(data)


if __name__ == "__main__":
    main()
