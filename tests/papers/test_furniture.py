import time

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
        "第06版:06",
        "第1版()",
        "第1版() 专栏:",
        "当前版:04版",
        "展开通版",
        "通版阅读请点击:",
        "上一篇 下一篇",
        "3 上一篇  下一篇 4 放大 缩小 默认",
        "返回主页 | 版面导航 | 标题导航",
        "【PDF版】",
        "當前報章2019年07月05日",
        "设为主页收藏本页",
        "2019-07-05 1 1 山城日报 content_123.html 1 山口的桥 /enpproperty-->",
        "02/12/2023星期六",
        "今日兩大張",
        "第53号2019年7月5日星期五（山城 河口）",
        "星期五　甲子年十月廿四",
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
        "2019年7月5日，星期五",
        "自2019年7月5日起",
        "一九五六年七月大水之時，隨母親在柳灣",
        "明天气象预报（2019年7月5日20时）",
        "第三版年画展出",
        "本县出第三版地图",
        "G20路公交改道",
        "走近山城日报",
        "县里订山城日报",
        "编辑同志：我是农机厂的工人",
        "主办：山城县文化馆",
        "举报热线：0000-5550123",
        "目录",
        "返回",
        "解放区的山城日报）",
        "《山城日报》2019年7月5日",
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
        ("河口青年报", "河口青年报"),
        ("河口老年报", "河口老年报"),
        ("河 口 都 市 报", "河口都市报"),
        ("河口　導　刊", "河口導刊"),
        ("河口通讯", "河口通讯"),
        ("河口新闻", "河口新闻"),
        ("河口快报 第3版", "河口快报"),
        ("河口新報", "河口新報"),
        ("河口文匯報", None),
        ("河口新闻报", "河口新闻报"),
        ("河口文学报", "河口文学报"),
        ("河報", "河報"),
        ("山城日报 SHANCHENG DAILY", "山城日报"),
        ("山城日报 SHANCHENG'S DAILY 2019年7月5日", "山城日报"),
        ("山城工作汇报", None),
        ("山城情况通报", None),
        ("本地新闻", None),
        ("综合新闻", None),
        ("好消息", None),
        ("乡村捷报", None),
        ("热情报道正确引导河口新闻", None),
    ],
)
def test_names_of_papers(line, name):
    assert paper_name(line) == name


def test_a_masthead_is_read_from_all_its_lines():
    lines = ["２０１９年７月５日　星期五", "山城日报", "总第８８期 今日4版", "第2版 要闻"]
    assert read_masthead(lines) == Masthead(
        "山城日报", "2019-07-05", "总第88期", "要闻", "2", sure=True
    )


@pytest.mark.parametrize(
    ("line", "issue"),
    [
        ("2019年7月5日 总第763期 2019年第63期", "总第763期"),
        ("山城日报 总第763期", "总第763期"),
        ("二〇一九年七月五日 第二一八期", "第218期"),
        ("1957年3月14日 第一千二百零六号", "第1206号"),
        ("2019年7月5日 今日4版", None),
        ("国内统一刊号：CN00-0000 邮发代号：0-00 第8706期（今日八版）", "第8706期"),
        ("◀第三千八百零四號▶", "第3804號"),
        ("第壹仟贰佰零叁期", "第1203期"),
    ],
)
def test_issues(line, issue):
    assert read_masthead([line]).issue == issue


@pytest.mark.parametrize(
    ("line", "page"),
    [
        ("第２版", "2"),
        ("A03", "A03"),
        ("A06 城事", "A06"),
        ("第三版 要闻", "3"),
        ("今日4版", None),
        ("第06版:06", "6"),
        ("第1版()", "1"),
        ("当前版:04版", "4"),
        ("第C0007版:科教·新教育", "C0007"),
    ],
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


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("02/12/2023星期六", "2023-12-02"),
        ("本报创刊于1949年8月1日 2019年7月5日", "2019-07-05"),
        ("今日兩全張售國幣貳分四厘本報創刊於民國八年三月三日", None),
        ("中華民國貳拾捌年四月三十日星期日", "1939-04-30"),
        ("當前報章2019年07月05日", "2019-07-05"),
        ("2019年7月5日山城日报 第1版", "2019-07-05"),
        ("《山城日报》 (20190705)", "2019-07-05"),
    ],
)
def test_dates(line, date):
    assert read_masthead([line]).date == date


@pytest.mark.parametrize(
    ("line", "paper"),
    [
        ("2019年7月5日山城日报 第1版", "山城日报"),
        ("2019年7月5日 星期五 河口消息", "河口消息"),
        ("2019-07-05 1 1 山城晚报 content_123.html 1 山口的桥", "山城晚报"),
        ("當前報章2019年07月05日", None),
    ],
)
def test_names_beside_a_date(line, paper):
    assert read_masthead([line]).paper == paper


@pytest.mark.parametrize(
    "line", ["详见第二版", "今日四版", "当前版:04版", "下转第三版", "第04版:第四版"]
)
def test_what_names_no_section(line):
    assert read_masthead([line]).section is None


@pytest.mark.parametrize(
    "line",
    [
        "报头题字：林某",
        "MOUNTAIN TOWN'S DAILY",
        "館址河口路二九九號",
        "农历己亥年六月初三 今日四版",
        "河口日报社主办",
    ],
)
def test_what_belongs_to_a_masthead_above_the_articles(line):
    assert is_furniture(line, Place.TOP)


@pytest.mark.parametrize(
    "text",
    [
        "返回目录" * 400 + "好",
        "-" * 1900 + "好",
        "上一篇 " * 400 + "。",
        "一" * 1900,
        "报" * 1900,
        "第" * 1900,
        "2019年" * 300,
        "\u3000" * 1900 + "报",
        "编辑 一 " * 300,
        "A" * 60 + "!",
        "·" * 58 + "x",
        "一 " * 30,
        "报 " * 30,
        "年月日" * 100,
        "1-" * 190,
        "第一" * 190,
        "每周一、" * 90,
    ],
)
def test_no_line_takes_long(text):
    begun = time.perf_counter()
    for place in Place:
        is_furniture(text, place)
    read_masthead([text, text[:60], text[:399]])
    assert time.perf_counter() - begun < 0.5
