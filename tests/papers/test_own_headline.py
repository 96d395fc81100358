import pytest

from search.papers.readers.records.own_headline import own_headline

TEXT = "，望澜桥完成检修，全长三百米的桥面重新铺过，行人和车辆都可以走了。"


@pytest.mark.parametrize(
    ("body", "headline"),
    [
        (f"原标题：望澜桥检修完工   昨天{TEXT}", "望澜桥检修完工"),
        (f"原标题：望澜桥检修完工\n昨天{TEXT}", "望澜桥检修完工"),
        (f"（原标题：望澜桥检修完工）\n昨天{TEXT}", "望澜桥检修完工"),
        (f"原标题：望澜桥检修完工5月12日{TEXT}", "望澜桥检修完工"),
        (f"原标题：望澜桥检修完工，5月13日起通车5月12日{TEXT}", "望澜桥检修完工，5月13日起通车"),
        (f"原标题：望澜桥检修完工【青岚网 记者沈砚秋】5月12日{TEXT}", "望澜桥检修完工"),
        (f"原标题：望澜桥检修完工新华社青岚5月12日电 昨天{TEXT}", "望澜桥检修完工"),
        (f"原标题：望澜桥检修完工近日{TEXT}", "望澜桥检修完工"),
        (f"原标题：望澜桥检修完工望澜桥检修完工 经过三个月{TEXT}", "望澜桥检修完工"),
        # Where it ends is not certain: none is better than a headline with text in it.
        (f"原标题：望澜桥检修完工经过三个月{TEXT}", ""),
        (f"原标题：望澜桥检修完工青岚日报讯（记者 沈砚秋）昨天{TEXT}", ""),
        (f"原标题：望澜桥检修完工。桥面重新铺过。5月12日{TEXT}", ""),
        (f"原标题：{'望澜桥检修完工' * 9}   昨天{TEXT}", "望澜桥检修完工"),
        ("原标题：", ""),
        ("原标题：桥\n昨天", ""),
        # A first line set apart.
        (f"望澜桥检修完工\n\n昨天{TEXT}", "望澜桥检修完工"),
        (f"望澜桥检修完工\n　　昨天{TEXT}", "望澜桥检修完工"),
        (f"望澜桥检修完工\n昨天{TEXT}", ""),
        (f"望澜桥检修完工。\n\n昨天{TEXT}", ""),
        (f"望澜桥检修完工\n\n{TEXT[:5]}", ""),
        (f"昨天{TEXT}", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_headlines_of_texts_without_one(body, headline):
    assert own_headline(body) == headline


def test_a_record_without_a_headline_has_that_of_its_text():
    import json

    from tests.papers.reading import read

    body = f"原标题：望澜桥检修完工   昨天{TEXT}"
    records = [{"body": body}, {"body": body, "title": "桥"}, {"body": "昨天" + TEXT}]
    found = read("p/a.jsonl", "\n".join(json.dumps(each, ensure_ascii=False) for each in records))
    assert [(each.title, each.body) for each in found] == [
        ("望澜桥检修完工", body),
        ("桥", body),
        ("", "昨天" + TEXT),
    ]
