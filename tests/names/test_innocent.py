"""Names that no row may come from: fairness 4, traps of the notes, and the invented critics."""

from __future__ import annotations

import pytest

from auditor.names import NameIndex

HARMLESS = """
国安球迷老刘 摸鱼总局 撸猫指挥部 健康长寿每一天 平安长乐一辈子 长乐教育小课堂 龙门教育
今日报名指南 工作日报模板 宁波税务师小陈 苏州检察官妈妈 成都同城吃喝 志丹 左权 长子
大方 成都公交避雷 北京交警投诉经历 平遥县教育局讨薪群 机智的医生生活追剧组
药师经每日念诵 阳光小记者三班 数据分析师转行日记 教师资格证备考小鱼 Tony老师剪发
瑜伽老师阿May 包教授螺蛳粉 律师函收藏家 帮你找律师指南 退休教师老周写字 规培医生小林
"""
TRAPS = """
我们小区派出所 梦想城市公安局 公积金小站 交警队食堂 法院门口卖饼 复旦大学足球队
恋爱半月谈心 新华社区 公安部门 教育部长 司法部长 参考消息灵通 今晚报名 生活报告
新华书店 人民公园 人民路 人民网友 人民网购
凤凰网购 央视大楼 警察叔叔 好人一生平安 平安是福 健康中国人
电商报 金云 绿网 大河堡 吉林大叔 我爱看新闻联播 长沙公交迷 朝阳 和平 北京吃喝玩乐
上海律师王某 北京美食 成都探店 平安长寿 健康长寿 东方教育 龙文教育 江南教育 白银投资
阿里健康 中山装 德州扑克 红河 城区 公安 平安 东方红 海淀家长 上海名媛 北京二手房
南京板鸭 长沙臭豆腐 沙县小吃 兰州拉面 重庆火锅 桂林米粉 西湖醋鱼 海南椰子
"""
CRITICS = """
张局长欠我工资 李县长吃饭不给钱 王镇长你还欠账 县医院食堂太难吃 市一院排队三小时
某局长的饭局 讨薪的老王 城管别掀我摊 长沙城管掀我摊子 北京地铁太挤了 上海医保报销难
郑州烂尾楼业主 武汉烂尾楼维权 西安退房业主群 合肥幼儿园退费 杭州公租房漏水
南京交警开错罚单 苏州教育局你看看 成都城管打人 广州社保断缴 深圳公积金取不出
重庆公交司机太凶 天津地铁又坏了 沈阳供暖不热 长春暖气不热 哈尔滨供暖投诉 石家庄供暖差评
济南学区房骗局 青岛入学难 大连房产证拿不到 郑州村镇银行储户 云泽业主老李 云泽烂尾
某大学宿舍没空调 河南大学食堂吐槽 武汉大学食堂真贵 北大医院挂不上号 协和挂号太难
中国移动乱扣费 中国电信宽带慢 中国联通坑我 工商银行排队王 国家电网乱收电费
中国邮政丢我快递 邮政快递真慢 中石化油品差 教育部请减负 公安局请立案 派出所不受理
法院判决不公 法院执行难老赵 检察院请看看 县委书记看过来 市长热线打不通 12345没人管
信访局门口的人 税务局逼死小店 环保局睡着了 卫健委管管医院 国足让我心碎 央视春晚真难看
人民日报写错字了 新华社欠稿费
"""
FANS = """
人民日报粉丝团 人民日报读者老王 新华社读者老李 我爱央视新闻 央视主持人的粉丝
湖南卫视追剧女孩 芒果台忠粉 解放军家属 军嫂小美 火箭军退伍老兵 清华学姐 北大考研人
浙大学生日记 复旦校友老张 公安局家属院 检察官的女儿 法官妈妈 教育局长的儿子 海军迷
空军模型玩家 武警老兵小王 消防员的妻子 交警小哥日常 护士小姐姐 读者文摘爱好者
看报的老头 新闻联播模仿者 天气预报迷 今日说法观众 南方周末老读者 环球时报吐槽
"""


@pytest.mark.parametrize("name", (HARMLESS + TRAPS + CRITICS + FANS).split())
def test_an_innocent_name_gives_no_match_that_makes_a_row(index: NameIndex, name: str) -> None:
    assert index.own(name) == ()
    assert [match for match in index.matches(name) if match.tier != "E"] == []


def test_the_list_of_critics_is_as_long_as_agreed() -> None:
    assert len(set(CRITICS.split())) >= 60


@pytest.mark.parametrize(
    "name",
    ["河南日报", "海南日报", "山西晚报", "陕西晚报", "农民日报", "人民日报", "中国日报"],
)
def test_neighbours_on_the_list_give_themselves_and_nobody_else(
    index: NameIndex, name: str
) -> None:
    assert [one.name for one in index.own(name)] == [name]
    assert [(match.tier, match.value) for match in index.matches(name)] == [("X", name)]


@pytest.mark.parametrize("name", ["陕西省文物局", "湖南省水利厅", "河南省水利厅"])
def test_a_neighbouring_place_is_another_body_and_no_slip(index: NameIndex, name: str) -> None:
    assert "B" not in {match.tier for match in index.matches(name)}


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "\u200b\u200c",
        "。、！",
        "😀" * 60,
        "e\u0301" * 90,
        "\u202e某某\u202c",
        "a" * 10_000,
        "人民日报" * 2_500,
        "*" * 200,
        "人*" * 100,
        "1" * 200,
    ],
)
def test_a_hostile_name_gives_nothing_and_does_not_hang(index: NameIndex, name: str) -> None:
    assert index.matches(name) == ()
    assert index.own(name) == ()
