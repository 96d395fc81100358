import pytest

from search.papers.pages.furniture import Place, is_furniture
from search.papers.pages.mastheads import Masthead, paper_name, read_masthead


@pytest.mark.parametrize(
    "line",
    [
        "山城日报",
        "山城周刊 第4版 人物",
        "2019年7月5日 星期五 农历己亥年六月初三",
        "２０１９年７月５日　星期五　总第８８期",
        "总第88期 2019年第12期 清新 温润",
        "新闻热线:0000-5550123",
        "主管:中共山城县委宣传部",
        "责任编辑：林小雨　校对：何田",
        "责编 林小雨 校对 何田",
        "http://www.example.com/a/b",
        "第2版 要闻",
        "A03",
        "第二版",
        "- 3 -",
        "国内统一刊号:CN00-0000",
        "本报地址：山城县河沿街十七号　邮编：000000",
        "24小时新闻热线 0000-5550110",
        "雪后第一班车……第3版",
    ],
)
def test_furniture(line):
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "雪后第一班车",
        "山城县办公室公告（第二号）",
        "编辑同志：",
        "电话：0000-5550123",
        "2019年7月5日，山口乡的路通了。",
        "2019山城半程马拉松昨日鸣枪",
        "老人第一次看报",
        "本报社址迁移的经过，要从一封信说起，",
        "3 要点",
        "他们在10月办了画报",
    ],
)
def test_lines_of_articles_are_not_furniture(line):
    assert not is_furniture(line)


def test_an_address_is_furniture_only_above_the_articles():
    assert is_furniture("地址：山城县河沿街十七号", Place.TOP)
    assert not is_furniture("地址：山城县河沿街十七号")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("山城日报", "山城日报"),
        ("山 城 晚 报", "山城晚报"),
        ("山城报总第88期 2019年第12期", "山城报"),
        ("山城周刊 第4版 人物", "山城周刊"),
        ("山城週報", "山城週報"),
        ("本报", None),
        ("山城日报社召开座谈会", None),
        ("雪后第一班车", None),
    ],
)
def test_names_of_papers(line, name):
    assert paper_name(line) == name


def test_a_masthead_is_read_from_all_its_lines():
    lines = ["２０１９年７月５日　星期五", "山城日报", "总第８８期 今日4版", "第2版 要闻"]
    assert read_masthead(lines) == Masthead("山城日报", "2019-07-05", "88", "要闻", "2")


@pytest.mark.parametrize(
    ("line", "issue"),
    [
        ("2019年7月5日 总第763期 2019年第63期", "763"),
        ("山城日报 总第763期", "763"),
        ("二〇一九年七月五日 第二一八期", "218"),
        ("1957年3月14日 第一千二百零六号", "1206"),
        ("2019年7月5日 今日4版", None),
    ],
)
def test_issues(line, issue):
    assert read_masthead([line]).issue == issue


@pytest.mark.parametrize(
    ("line", "page"),
    [("第２版", "2"), ("A03", "A3"), ("A06 城事", "A6"), ("第三版 要闻", "3"), ("今日4版", None)],
)
def test_page_numbers(line, page):
    assert read_masthead([line]).page == page


def test_a_section_and_the_weather_are_furniture_above_the_articles_only():
    for line in (
        "综合新闻",
        "农历己亥年六月初三",
        "今日晴到多云 东南风3至4级",
        "中共山城县委机关报",
    ):
        assert is_furniture(line, Place.TOP)
    assert not is_furniture("综合新闻")
    assert not is_furniture("《山城县志》出版", Place.TOP)
