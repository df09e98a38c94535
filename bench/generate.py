"""A seeded dataset of any size: lengths, hit rates and planted cases of a realistic platform."""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

WHEN = (
    "早上",
    "中午",
    "傍晚",
    "昨晚",
    "周末",
    "下班路上",
    "雨停以后",
    "开会之前",
    "放学的时候",
    "月底",
)
WHO = (
    "我",
    "我们家",
    "邻居阿姨",
    "楼下老板",
    "同事小陈",
    "孩子",
    "老妈",
    "表弟",
    "修车师傅",
    "门卫大爷",
)
WHAT = (
    "买了两把空心菜和一条鲈鱼", "第一次自己系鞋带", "在桥头拍到了晚霞", "把番茄搬到了南阳台",
    "读到第三章才进入状态", "听了一曲二胡才上车", "换了自行车链条又调了刹车", "陪老人去做了体检",
    "把冰糖炒到枣红色再下肉", "给食堂意见箱写了条子", "翻出三十年前的合影", "学会了包四角的粽子",
    "把旧毛衣拆了重新织", "在旧书摊淘到一本地图", "数了数院子里有十一只麻雀", "绕河跑了五公里",
)  # fmt: skip
HOW = (
    "老板多送了一把小葱", "练了二十分钟还是系成死结", "没有眼睛看到的好看", "鸟先尝了一颗",
    "画了一张关系图才理清楚", "到公司刚好打卡", "骑起来轻很多", "排队的时候聊起老邻居",
    "小火一个半小时筷子一戳就透", "希望明天炒透一点", "背面还有铅笔写的日期", "糯米提前泡了一夜",
    "线不够又去买了两团", "纸都脆了还是舍不得放下", "比去年少了三只", "回来腿软但是睡得很好",
)  # fmt: skip
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
NICKS = (
    "的早餐铺",
    "说菜",
    "爱爬山",
    "读书记",
    "的阳台",
    "修车日记",
    "看城市",
    "带娃记",
    "写字",
    "拍鸟",
)
PLANTED = ("人民曰报", "乌海中院", "动态新闻", "央广新闻TB")
START = datetime(2026, 9, 1, tzinfo=UTC)
BATCH = 20_000


def sentence(random_: random.Random) -> str:
    """Return one of 25,600 everyday sentences; four of them make 67 characters in the middle."""
    return "".join(random_.choice(part) for part in (WHEN, WHO, WHAT)) + "，" + random_.choice(HOW)


def accounts(count: int, random_: random.Random) -> Iterator[dict[str, Any]]:
    """Yield accounts; one in 500 carries a planted name."""
    for number in range(count):
        planted = number % 500 == 7
        nick = random_.choice(SURNAMES) + random_.choice("小大老阿") + random_.choice(NICKS)
        name = PLANTED[number // 500 % len(PLANTED)] if planted else f"{nick}{number % 977}"
        yield {
            "platform": "bench",
            "account_id": str(number),
            "name": name,
            "bio": sentence(random_)[: random_.randint(6, 30)],
            "verified": random_.choice(("none", "none", "none", "person")),
            "verified_label": "none",
            "followers": int(random_.paretovariate(0.7) * 20),
            "fetched_at": START + timedelta(days=70),
        }


def posts(count: int, owners: int, random_: random.Random) -> Iterator[dict[str, Any]]:
    """Yield posts in no order of accounts; a few hold what rules look for."""
    for number in range(count):
        owner = min(owners - 1, int(random_.paretovariate(0.6)) * 37 % owners)
        text = "。".join(sentence(random_) for _ in range(random_.choice((1, 2, 3, 4, 8))))
        if number % 400 == 3:
            text += f"。失物招领请打{random_.choice('35789')}00-{number % 10_000:04d}"
        if number % 2_000 == 11:
            text = f"姓名：陈某某，手机1380013{number % 10_000:04d}，家住榕树路18号3栋2单元501室"
        yield {
            "platform": "bench",
            "account_id": str(owner),
            "post_id": str(number),
            "text": text,
            "published_at": START + timedelta(seconds=number * 5),
        }


def write_table(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    """Write rows to Parquet in batches, so that any size fits in memory."""
    writer: pq.ParquetWriter | None = None
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            writer = _write(path, batch, writer)
            batch = []
    if batch or writer is None:
        writer = _write(path, batch, writer)
    writer.close()


def _write(
    path: Path, batch: list[dict[str, Any]], writer: pq.ParquetWriter | None
) -> pq.ParquetWriter:
    table = pa.Table.from_pylist(batch, schema=writer.schema if writer else None)
    writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
    writer.write_table(table)
    return writer


def write_dataset(directory: Path, account_count: int, post_count: int, seed: int = 7) -> None:
    """Write a dataset directory of the asked size."""
    directory.mkdir(parents=True, exist_ok=True)
    random_ = random.Random(seed)
    write_table(directory / "accounts.parquet", accounts(account_count, random_))
    write_table(directory / "posts.parquet", posts(post_count, account_count, random_))


def main() -> None:
    """Write a dataset from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    words = parser.parse_args()
    write_dataset(words.directory, words.accounts, words.posts, words.seed)
    print(words.directory)


if __name__ == "__main__":
    main()
