"""Ordinary account names, seeded: what most of a platform calls itself, and a few near references.

Every word is invented or everyday; no name of a real account is kept here.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜谢邹喻苏潘葛范彭"
GIVEN = (
    "梓涵浩宇欣怡子轩诗雨思远佳琪俊杰雅婷志强美玲晓明建国秀英桂兰海燕小军丽娜永红雪梅文博嘉豪"
    "若曦沐辰语桐星野知夏清欢南乔北辞青禾锦书云舟听澜望舒晚柠初棠半夏予安鹿鸣池鱼向晴景行砚秋"
)
SIGNS = (
    "云鹿茶橙野山海月星屿麦禾木森溪川鲸熊猫兔狐雀鹤燕鱼糖盐果桃梨杏莓椰柚栗瓜豆米粥面饼糕酥酪"
    "蜜酒醋汤锅灶炉灯窗门桥巷街楼阁院庭园田坡岭峰谷泉湖江河港湾岛礁沙石玉瓷陶纸墨笔砚琴棋书画"
    "风雨雪霜露雾霞虹晨暮春夏秋冬早晚昼夜甜咸酸辣苦淡浓轻慢快闲忙懒萌酷乐喜悦笑梦醒听看读写画"
    "唱跳跑骑游钓种养修拆缝织绣剪烤炖炒蒸煮腌酿泡品尝闻摸爬攀飞落停走过来去归回留等候遇见识知"
)
TRAITS = (
    "爱吃", "会飞", "迷路", "熬夜", "摸鱼", "早起", "发呆", "晒太阳", "不加班", "爱笑", "怕冷",
    "话多", "慢半拍", "想躺平", "戴眼镜", "爱唱歌", "健忘", "贪睡", "追剧", "赶海", "学做饭",
    "减肥失败", "正在省钱", "爱讲道理", "刚毕业", "四十岁", "退休", "跑步", "拍照", "种多肉",
)  # fmt: skip
BEINGS = (
    "小猫", "橘猫", "柴犬", "企鹅", "松鼠", "土豆", "番茄", "包子", "年糕", "芋圆", "云朵", "月亮",
    "蜗牛", "海豚", "书虫", "夜猫子", "小怪兽", "打工人", "程序员", "老爸", "二姐", "大表哥",
    "胖丁", "阿婆", "姑娘", "大叔", "青年", "同学", "棉花糖", "汽水", "仙人掌", "咖啡豆",
)  # fmt: skip
TOPICS = (
    "编程", "摄影", "育儿", "烘焙", "健身", "考研", "历史", "天文", "钓鱼", "露营", "数码", "财经",
    "股海", "装修", "汽车", "电影", "诗词", "英语", "养花", "观鸟", "旅行", "手账", "书法", "跑步",
    "美妆", "穿搭", "游戏", "动漫", "科普", "法考", "中医", "茶道", "古玩", "木工", "农村", "三农",
)  # fmt: skip
TAILS = (
    "笔记", "日记", "小站", "课堂", "研究所", "那些事", "说", "观察", "札记", "随笔", "俱乐部",
    "频道", "分享", "实验室", "杂货铺", "进行时", "爱好者", "前线", "圈子", "周刊", "百科", "小屋",
    "漫谈", "指南", "清单", "手册", "视界", "生活", "达人", "在路上",
)  # fmt: skip
LOCAL = (
    "美食", "探店", "吃喝玩乐", "小吃", "房产", "夜跑团", "同城", "生活圈", "亲子", "二手车",
    "面馆", "火锅", "早点", "租房", "人出行", "老建筑", "热线", "相亲角", "摄影圈", "本地宝",
    "那点事", "烧烤", "羊肉汤", "徒步", "记忆", "婚庆", "家教", "宠物", "花店", "骑行",
)  # fmt: skip
TRADES = (
    "科技", "茶饮", "家居", "教育", "文化", "影视", "服饰", "珠宝", "装饰", "健康", "资本", "咨询",
    "物流", "农庄", "书店", "咖啡", "花艺", "母婴", "户外", "安全团队", "旗舰店", "工作室", "烘焙",
    "数据", "律师团", "口腔", "民宿", "传媒", "网络", "设计",
)  # fmt: skip
SYLLABLES = (
    "mi", "ka", "lo", "ra", "ti", "no", "sun", "sky", "fox", "be", "an", "el", "zo", "vi", "da",
    "mo", "lu", "xi", "ya", "chen", "wen", "lin", "tom", "ann", "leo", "max", "neo", "art", "dev",
)  # fmt: skip
FACES = "🌸🌙🐱🐶🍀🔥✨🎧📚🍜🚗🎨🏃🌊🍓🐼☀️⭐"
FORMS = ("{}", "{}的小窝", "是{}呀", "{}爱生活", "阿{}", "{}同学", "叫我{}", "{}说", "小{}", "{}er")

Maker = Callable[[random.Random, Sequence[str]], str]


def _nickname(dice: random.Random, _: Sequence[str]) -> str:
    return dice.choice(TRAITS) + dice.choice(("", "的", "的", "的小")) + dice.choice(BEINGS)


def _person(dice: random.Random, _: Sequence[str]) -> str:
    return dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=dice.choice((1, 2, 2, 2))))


def _called(dice: random.Random, _: Sequence[str]) -> str:
    inner = "".join(dice.choices(SIGNS, k=dice.choice((2, 2, 3, 4))))
    return dice.choice(FORMS).format(inner)


def _topic(dice: random.Random, _: Sequence[str]) -> str:
    first = dice.choice(("", "", "老" + dice.choice(SURNAMES), dice.choice(SIGNS)))
    return first + dice.choice(TOPICS) + dice.choice(TAILS)


def _local(dice: random.Random, places: Sequence[str]) -> str:
    return dice.choice(places) + dice.choice(("", "", dice.choice(SIGNS))) + dice.choice(LOCAL)


def _brand(dice: random.Random, _: Sequence[str]) -> str:
    return "".join(dice.choices(SIGNS, k=dice.choice((2, 2, 3)))) + dice.choice(TRADES)


def _handle(dice: random.Random, _: Sequence[str]) -> str:
    stem = "".join(dice.choices(SYLLABLES, k=dice.choice((2, 2, 3))))
    return dice.choice((stem, stem.title())) + dice.choice(("", "", str(dice.randrange(2000))))


def _decked(dice: random.Random, places: Sequence[str]) -> str:
    name = dice.choice((_nickname, _person, _called))(dice, places)
    return name + dice.choice(("", "~", "_", "·")) + dice.choice(FACES)


MAKERS: tuple[tuple[Maker, int], ...] = (
    (_nickname, 10), (_person, 20), (_called, 28), (_topic, 12),
    (_local, 8), (_brand, 12), (_handle, 6), (_decked, 4),
)  # fmt: skip


def _near(dice: random.Random, word: str) -> str:
    """Return a reference as it stands, or with one thing changed."""
    at = dice.randrange(len(word))
    sign = dice.choice(SIGNS)
    changed = (
        word,
        word[:at] + sign + word[at + 1 :],
        word[:at] + sign + word[at:],
        word[:at] + word[at + 1 :],
        word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
        word + dice.choice(("官方", "粉丝", "读者", "V", "小编")),
    )
    return dice.choice(changed)


def ordinary_names(
    count: int, places: Sequence[str], references: Sequence[str], seed: int = 7
) -> list[str]:
    """Return ``count`` names, about 2 % of them equal to a reference or one change away from it.

    ``places`` are short names of divisions, for names like city + food.
    """
    dice = random.Random(seed)
    makers, weights = zip(*MAKERS, strict=True)
    chosen: list[Maker] = dice.choices(makers, weights, k=count)
    return [
        _near(dice, dice.choice(references)) if dice.random() < 0.02 else make(dice, places)
        for make in chosen
    ]
