from __future__ import annotations

import pytest

from auditor.text import Frame, frame, sentence_span

# The phrase stands in 〔〕; the letters say how its sentence is framed.
LETTERS = {
    "n": "negated",
    "q": "quoted",
    "?": "question",
    "r": "reported",
    "s": "about_self",
    "u": "supposed",
}

CASES: tuple[tuple[str, str], ...] = (
    # plain statements
    ("我是〔医生〕", "s"),
    ("我是一名〔医生〕", "s"),
    ("我是北京协和医院的〔医生〕", "s"),
    ("本人就是〔律师〕，执业十年", "s"),
    ("我们都是〔教师〕", "s"),
    ("作为〔医生〕，我想说几句", "s"),
    ("身为一名〔记者〕，有责任讲清楚", "s"),
    ("本〔律师〕今天聊聊合同", "s"),
    ("大家好，我是李明，是一名〔儿科医生〕", ""),
    ("我，一名〔护士〕，今天下夜班", "s"),
    ("职业：〔律师〕", "s"),
    ("我在县医院担任〔主治医师〕", "s"),
    ("今天去看〔医生〕了", ""),
    ("〔医生〕真的很辛苦", ""),
    ("日本〔医生〕的收入", ""),
    ("基本〔医生〕都下班了", ""),
    ("在下是〔律师〕", "s"),
    ("在下周明是〔律师〕", "s"),
    # 在 and 下, no first person
    ("在下雨天是〔护士长〕最忙的时候", ""),
    ("在下周一是〔律师〕值班", ""),
    ("在下面是〔医生〕的电话", ""),
    # someone beside the author
    ("我妈是〔医生〕", ""),
    ("我老公是〔律师〕", ""),
    ("我是〔医生〕的女儿", ""),
    ("我是〔医生〕家属", ""),
    ("我是去找〔医生〕的", ""),
    ("我是听〔医生〕的话", ""),
    ("我家邻居是〔教授〕", ""),
    ("她是〔律师〕", ""),
    ("作为〔律师〕，他很称职", ""),
    # negation
    ("我不是〔医生〕", "ns"),
    ("我并非〔医生〕", "n"),
    ("本人非专业〔医生〕", "n"),
    ("我不是什么正规的〔医生〕", "ns"),
    ("他没有〔律师证〕", "n"),
    ("从未当过〔教师〕", "n"),
    ("这不是〔官方账号〕", "n"),
    ("非〔官方〕", "n"),
    ("没有一个〔专家〕这么讲过", "nr"),
    ("〔医生〕不是我", "n"),
    ("我不是护士，而是〔医生〕", ""),
    ("不是护士而是〔医生〕", ""),
    ("我是医生不是〔护士〕", "ns"),
    ("无论〔医生〕怎么想", ""),
    ("除非〔医生〕同意", ""),
    ("不仅是〔医生〕，还是作家", ""),
    ("非常〔官方〕的回答", ""),
    ("没想到〔医生〕这么年轻", ""),
    ("没看〔医生〕", ""),
    # double negation
    ("不是没有〔医生〕", ""),
    ("不可能没有〔专家〕把关", ""),
    ("我不是不当〔医生〕了", "s"),
    ("难道我不是〔医生〕吗？", "?s"),
    ("你不是〔医生〕吗？", "?"),
    # quotation
    ("他自称“〔医生〕”", "qr"),
    ("“我是〔医生〕。”他说", "qs"),
    ("《我是〔医生〕》这本书不错", "qs"),
    ("片名叫「〔律师〕的一天」", "q"),
    ('标题写着"我是〔医生〕"', "qs"),
    ("“好的。”我是〔医生〕", "s"),
    ("笑死//@小明:我是〔医生〕", "qs"),
    ("我是〔医生〕//@小明:真的假的", "s"),
    ("【转】我是〔医生〕", "qs"),
    ("> 我是〔医生〕\n不信", "qs"),
    ("转发自某某：我是〔医生〕", "qs"),
    # questions
    ("你是〔医生〕吗", "?"),
    ("你是不是〔医生〕", "?"),
    ("请问有〔律师〕在吗？", "?"),
    ("求问〔医生〕，这个药能吃吗", "?"),
    ("〔医生〕，这个药怎么吃？", "?"),
    ("怎么选〔律师〕", "?"),
    ("如何成为〔教师〕？", "?"),
    ("我是〔医生〕，你信吗？", "s"),
    ("作为〔医生〕，我教你怎么护肤", "s"),
    ("这是〔官方〕消息？", "?"),
    ("不管怎么说〔医生〕都不容易", ""),
    # reported speech
    ("〔医生〕说要多喝水", "r"),
    ("〔医生〕让我少吃辣", "r"),
    ("〔律师〕朋友告诉我别签", "r"),
    ("据〔专家〕介绍，明天有雨", "r"),
    ("听说他是〔医生〕", "r"),
    ("网传他是〔医生〕", "r"),
    ("朋友说他是〔律师〕", "r"),
    ("我妈说〔医生〕都这样", "r"),
    ("他跟我说他是〔警察〕", "r"),
    ("他说：我是〔医生〕", "qrs"),
    ("医院回应称〔医生〕已停职", "r"),
    ("我说我是〔医生〕", "s"),
    ("老实说我是〔医生〕", "s"),
    ("我跟你说我是〔医生〕", "s"),
    ("他说不行，但我是〔医生〕", "s"),
    ("我的建议：作为〔医生〕，少熬夜", "s"),
    ("作为〔医生〕建议大家少熬夜", "s"),
    ("本〔律师〕提醒大家", "s"),
    ("说明一下，我是〔教师〕", "s"),
    # wished, supposed, compared
    ("我想当〔医生〕", "u"),
    ("如果我是〔律师〕", "su"),
    ("我的梦想是〔教师〕", "u"),
    ("你穿得像〔医生〕", "u"),
    ("误以为我是〔记者〕", "su"),
    # other scripts and widths
    ("我不是〔醫生〕", "ns"),
    ("你是〔醫生〕嗎？", "?"),
    ("他說：我是〔醫生〕", "qrs"),
)

PROFILES: tuple[tuple[str, str], ...] = (
    ("〔主治医师〕｜科普博主", "s"),
    ("协和医院〔主治医师〕 | 科普", "s"),
    ("张三，〔执业律师〕，从业十年", "s"),
    ("爱生活 / 〔教师〕 / 两个孩子的妈", "s"),
    ("王〔医生〕", "s"),
    ("非〔医生〕｜爱科普", "ns"),
    ("帮你找〔律师〕", ""),
    ("〔医生〕太太的日常", ""),
    ("〔律师〕函收藏家", ""),
    ("〔医生〕让我少吃辣", "r"),
)


def framed(marked: str, *, profile: bool = False) -> str:
    start, end = marked.index("〔"), marked.index("〕") - 1
    text = marked.replace("〔", "").replace("〕", "")
    found = frame(text, start, end, profile=profile)
    return "".join(letter for letter, name in LETTERS.items() if getattr(found, name))


@pytest.mark.parametrize(("marked", "letters"), CASES)
def test_a_sentence_is_framed_as_a_reader_would(marked: str, letters: str) -> None:
    assert framed(marked) == letters


@pytest.mark.parametrize(("marked", "letters"), PROFILES)
def test_in_a_profile_a_phrase_alone_says_what_its_author_is(marked: str, letters: str) -> None:
    assert framed(marked, profile=True) == letters


def test_only_the_sentence_that_was_hit_is_judged() -> None:
    text = "你是谁？我不知道。医生来了。他说什么？"
    start = text.index("医生")
    assert frame(text, start, start + 2) == Frame()


@pytest.mark.parametrize(
    ("marked", "sentence"),
    [
        ("前一句。〔中间〕这句！后一句", "中间这句！"),
        ("他说：“不是真的。”然后〔走〕了", "然后走了"),
        ("他说：“〔不是〕真的。”然后走了", "他说：“不是真的。”"),
        ("一行\n〔二〕行\n三行", "二行"),
        ("第一……〔第二〕？！第三", "第二？！"),
        ("版本3.5〔发布〕了; 下一句", "版本3.5发布了;"),
        ("It works. 〔Really〕 well. Yes", "Really well."),
        ("〔全文〕没有标点", "全文没有标点"),
        ("  〔前后〕空格  ", "前后空格"),
        ("标题〔跨。句〕了。后", "标题跨。句了。"),
    ],
)
def test_sentences_end_where_social_text_ends_them(marked: str, sentence: str) -> None:
    start, end = marked.index("〔"), marked.index("〕") - 1
    text = marked.replace("〔", "").replace("〕", "")
    first, last = sentence_span(text, start, end)
    assert text[first:last] == sentence


def test_a_very_long_text_is_looked_at_near_the_hit_only() -> None:
    text = "啊" * 100_000 + "医生" + "哦" * 100_000
    first, last = sentence_span(text, 100_000, 100_002)
    assert last - first <= 2_002
