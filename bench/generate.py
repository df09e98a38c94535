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

TOPICS = (
    "早上去菜市场买了两把空心菜和一条鲈鱼，老板多送了一把小葱，回家清蒸刚刚好",
    "孩子今天第一次自己系鞋带，练了二十分钟，最后还是系成了死结，全家笑了一路",
    "下班路过桥头看见晚霞，拍了三张都没有眼睛看到的好看，索性站着看完再走",
    "阳台的番茄开始转红，昨天数了数一共十一颗，鸟先尝了一颗，剩下的套了网袋",
    "这本书读到第三章才进入状态，前面的人物太多，画了一张关系图才理清楚",
    "地铁换乘走了八分钟，站台上有人拉二胡，听了一曲才上车，到公司刚好打卡",
    "修自行车的师傅说链条该换了，顺手把刹车也调了，一共收了二十五块，骑起来轻很多",
    "周末带老人去体检，排队的时候聊起三十年前的邻居，名字想了半天才想起来",
    "新学的红烧肉方子，冰糖炒到枣红色再下肉，小火一个半小时，筷子一戳就透",
    "单位食堂换了承包商，今天的豆角有点生，给意见箱写了条子，希望明天炒透一点",
)
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
            "bio": random_.choice(TOPICS)[: random_.randint(6, 30)],
            "verified": random_.choice(("none", "none", "none", "person")),
            "verified_label": "none",
            "followers": int(random_.paretovariate(0.7) * 20),
            "fetched_at": START + timedelta(days=70),
        }


def posts(count: int, owners: int, random_: random.Random) -> Iterator[dict[str, Any]]:
    """Yield posts in no order of accounts; a few hold what rules look for."""
    for number in range(count):
        owner = min(owners - 1, int(random_.paretovariate(0.6)) * 37 % owners)
        text = "。".join(random_.choices(TOPICS, k=random_.choice((1, 1, 2, 3, 6))))
        if number % 400 == 3:
            text += f"。失物招领请打{random_.choice('35789')}00-{number % 10_000:04d}"
        if number % 2_000 == 11:
            text = f"姓名：陈某某，手机1380013{number % 10_000:04d}，家住榕树路18号3栋2单元501室"
        yield {
            "platform": "bench",
            "account_id": str(owner),
            "post_id": str(number),
            "text": f"{text}#{number}",
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
