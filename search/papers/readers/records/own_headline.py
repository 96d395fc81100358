"""The headline of a record that has no column for it, where its text says which it is.

Texts that were taken from the web often begin `原标题：…`; others have their headline on a
line of its own. Where neither says for certain where the headline ends, there is none: a
body in a headline would rank above all others.
"""

from __future__ import annotations

import re

from search.papers.pages.datelines import AGENCY

_LEAST, _MOST = 6, 60
"""Characters of a headline."""

_SAID = re.compile(r"\s*(?P<bracket>[（(【\[])?原[標标][題题][：:]\s*")
_CLOSED = re.compile(r"[）)】\]](?=\s)")
_APART = re.compile(r"\s*\n\s*|\s{2,}|(?<=[）)】\]])(?=[（(【\[])")
# What an article begins with: a day and what was then, who sent it, who reports. What names of
# papers begin with cannot be told from a headline's last words, so only known agencies count.
_DAY = r"(?:[12][0-9]{3}年)?[0-9]{1,2}月[0-9]{1,2}日"
_WHO = r"(?:讯|訊|电|電|消息|报道|新闻|日报|晚报|记者|社|网|图源|来源)"
_BEGINS = re.compile(
    rf"[据據]?{_DAY}(?:[上下]午|凌晨|晚上?|[0-9]{{1,2}}[时:：][0-9]{{0,2}}分?)?\s?[,，]"
    rf"|(?:[据據]\s?)?(?:{AGENCY}|本[报報网網刊])[^。，,\s]{{0,16}}(?:{_DAY}|[0-9]{{1,2}}日)?(?:电|電|讯|訊|消息|报道)"
    rf"|[【（(\[〔][^】）)\]〕\n]{{0,14}}{_WHO}[^】）)\]〕\n]{{0,14}}[】）)\]〕]"
    r"|(?:近日|日前|连日来|近期|今天|今日|昨日|昨天)[,，]|(?:当地时间|北京时间)[0-9]"
    r"|截至[0-9]{4}年|本公司(?:及)?董事会"
    r"|(?:据|据悉|据了解|据介绍)[,，]|据[^，。,\s]{2,20}(?:消息|报道|通报)[,，：:]"
    r"|(?:来源|作者|编辑|撰文|责编)\s?[：:|丨/｜]"
)
# A sentence of the article, or the paper that it is from: where that begins is not known.
_MORE = re.compile(r"。|(?:讯|訊|消息|客户端|编者按)$")
_ENDS_SENTENCE = tuple("。！？；，、：!?;,:")


def own_headline(body: str) -> str:
    """Return the headline with which a text begins, or nothing where that is not certain."""
    said = _SAID.match(body)
    if not said:
        return _first_line(body)
    text = body[said.end() : said.end() + 2 * _MOST]
    forms = (_CLOSED,) if said["bracket"] else (_APART, _BEGINS)
    ends = [found.start() for form in forms if (found := form.search(text, _LEAST))]
    again = text.find(text[:_LEAST], _LEAST)  # the article has its headline once more
    end = min([*ends, *([again] if again > 0 else [])], default=0)
    headline = text[:end].strip()
    whole = _LEAST <= len(headline) <= _MOST and not _MORE.search(headline)
    return headline if whole else ""


def _first_line(body: str) -> str:
    """Return the first line of a text where it is set apart, and no sentence of it."""
    first, _, rest = body.strip("\n").partition("\n")
    line = first.strip()
    set_apart = rest.startswith("\n") or (rest[:1].isspace() and not first[:1].isspace())
    following = rest.strip().partition("\n")[0]
    if (
        set_apart
        and _LEAST <= len(line) <= _MOST
        and not line.endswith(_ENDS_SENTENCE)
        and len(following) > len(line)
    ):
        return line
    return ""
