"""What the bot says in a task and what its documents say are the same numbers."""

import re

import pytest

from actions.orders.texts import texts
from actions.orders.words import money
from actions.sample.policy import load_policy
from textkit.language import detect_language
from textkit.settings import ROOT

LIBRARY = ROOT / "knowledge/library"
POLICY = load_policy()
RETURNS, WARRANTY, DELIVERY = POLICY["returns"], POLICY["warranty"], POLICY["delivery"]


def both(fees):
    return [money(fees["GBP"], "GBP"), money(fees["CNY"], "CNY")]


def years(months):
    return months // 12


FIRST, LAST = RETURNS["refund_working_days"]
CARD = RETURNS["refund_then"]["card"]["days"]
HOURS = RETURNS["refund_then"]["alipay"]["hours"]
BENCH = POLICY["repairs"]["working_days"]
CASES = [
    ("en/returns.md", f"{RETURNS['days']} days from the day of delivery"),
    ("zh/returns.md", f"签收后 {RETURNS['days']} 天内可以退货"),
    ("en/returns.md", f"unopened coffee after {RETURNS['unopened_coffee_days']} days"),
    ("zh/returns.md", f"没拆封的咖啡 {RETURNS['unopened_coffee_days']} 天内可退"),
    ("en/returns.md", f"{both({**RETURNS['label']['uk'], **RETURNS['label']['cn']})[0]}, taken from the refund"),
    ("zh/returns.md", f"统一 {money(RETURNS['label']['cn']['CNY'], 'CNY')}"),
    ("en/returns.md", f"China, days 1–{RETURNS['cn_free_return_days']} | we pay"),
    ("zh/returns.md", f"第 1–{RETURNS['cn_free_return_days']} 天 | 我们出"),
    ("en/returns.md", "cleaning fee of {} or {}".format(*both(RETURNS["used_machine_fee"]))),
    ("zh/returns.md", "清洁费 {1}（英国 {0}）".format(*both(RETURNS["used_machine_fee"]))),
    ("en/returns.md", "from 1 November to 24 December 2026 may be returned until 31 January 2027"),
    ("zh/returns.md", "2026 年 11 月 1 日至 12 月 24 日买的商品，退货期延长到 2027 年 1 月 31 日"),
    ("en/returns.md", RETURNS["addresses"]["uk"]),
    ("zh/returns.md", RETURNS["addresses"]["cn"]),
    ("en/refunds.md", f"{FIRST}–{LAST} working days after your return has reached"),
    ("zh/refunds.md", f"到达仓库后 {FIRST}–{LAST} 个工作日内"),
    ("en/refunds.md", f"{CARD[0]}–{CARD[1]} more days"),
    ("zh/refunds.md", f"再 {CARD[0]}–{CARD[1]} 天"),
    ("en/refunds.md", f"Alipay, WeChat Pay | {FIRST}–{LAST} working days | within {HOURS} hours"),
    ("zh/refunds.md", f"支付宝 | {HOURS} 小时内"),
    ("en/refunds.md", f"within {RETURNS['delivery_refunded']['whole_order_within_days']} days of delivery"),
    ("zh/refunds.md", f"签收后 {RETURNS['delivery_refunded']['whole_order_within_days']} 天内申请"),
    ("en/change-or-cancel-order.html", "free of charge until it is packed"),
    ("zh/change-cancel-order.md", "打包之前随时可以免费取消"),
    ("en/change-or-cancel-order.html", f"removes within {POLICY['payment']['authorisation_days']} days"),
    ("en/change-or-cancel-order.html", "Parcelhawk app £2.50"),
    ("zh/change-cancel-order.md", f"费用 {money(DELIVERY['redirect_fee']['GBP'], 'GBP')}"),
    ("zh/change-cancel-order.md", "偏远地区（新疆、西藏、青海、内蒙古），运费会重新计算"),
    ("en/exchanges.md", f"once free of charge within {POLICY['exchange']['within_days']} days of delivery"),
    ("zh/exchanges.md", f"{POLICY['exchange']['within_days']} 天内可以免费换一次"),
    ("en/exchanges.md", f"reserve it for {POLICY['exchange']['reserved_days']} days"),
    ("en/exchanges.md", "ask EU customers to return the item and order again"),
    ("en/warranty.md", f"Forge Duo | {years(WARRANTY['months_by_category']['espresso-machines'])} years"),
    ("zh/warranty.md", f"铁匠双锅炉 | {years(WARRANTY['months_by_category']['espresso-machines'])} 年"),
    ("en/warranty.md", f"Bastion lever machine | {years(WARRANTY['months_by_sku_prefix']['EM-BAST'])} years"),
    ("zh/warranty.md", f"堡垒拉杆机 | {years(WARRANTY['months_by_sku_prefix']['EM-BAST'])} 年"),
    ("en/warranty.md", f"Grinders (Finch, Rook, Rook Pro) | {years(WARRANTY['months_by_category']['grinders'])} years"),
    ("zh/warranty.md", f"磨豆机（电动、手摇） | {years(WARRANTY['months_by_category']['grinders'])} 年"),
    ("en/warranty.md", f"Electric kettles (Heron, Brook) | {years(WARRANTY['months_by_category']['kettles'])} years"),
    ("zh/warranty.md", f"电热水壶 | {years(WARRANTY['months_by_category']['kettles'])} 年"),
    ("en/warranty.md", f"refurbished goods | {WARRANTY['months_by_category']['refurbished']} months"),
    ("zh/warranty.md", f"翻新机 | {WARRANTY['months_by_category']['refurbished']} 个月"),
    ("en/warranty.md", f"glass and ceramics | {WARRANTY['teaware_crack_days']} days"),
    ("zh/warranty.md", f"茶具、玻璃、陶瓷 | {WARRANTY['teaware_crack_days']} 天"),
    ("en/repairs.html", f"{BENCH['bristol'][0]}–{BENCH['bristol'][1]} working days"),
    ("zh/repairs.md", f"上海 | {BENCH['shanghai'][0]}–{BENCH['shanghai'][1]} 天"),
    ("en/late-lost-damaged.md", f"within {DELIVERY['damaged_report_hours']} hours"),
    ("zh/late-lost-damaged.md", f"签收后 {DELIVERY['damaged_report_hours']} 小时内"),
    (
        "en/late-lost-damaged.md",
        f"UK parcel is late | ask us to treat it as lost | {DELIVERY['lost_after']['uk']['working_days']} ",
    ),
    ("zh/late-lost-damaged.md", f"丢件（英国） | 超过承诺时效 {DELIVERY['lost_after']['uk']['working_days']} 个工作日"),
    (
        "en/late-lost-damaged.md",
        f"EU parcel is late | ask us to treat it as lost | {DELIVERY['lost_after']['eu']['working_days']} ",
    ),
    (
        "en/late-lost-damaged.md",
        f"China parcel is late | ask us to treat it as lost | {DELIVERY['lost_after']['cn']['days']} days",
    ),
    ("zh/late-lost-damaged.md", f"丢件（中国大陆） | 超过承诺时效 {DELIVERY['lost_after']['cn']['days']} 天"),
    ("en/late-lost-damaged.md", f"takes up to {DELIVERY['enquiry_working_days']} working days"),
    ("zh/invoices.md", f"申请期限是下单之日起 {POLICY['invoices']['cn']['request_within_days']} 天内"),
    ("zh/invoices.md", f"{POLICY['invoices']['cn']['sent_within_hours']} 小时内发到"),
    ("en/invoices.docx", f"{POLICY['invoices']['uk']['add_company_within_days']} days"),
    ("zh/invoices.md", f"{POLICY['invoices']['uk']['add_company_within_days']} 天内可以自己加公司名"),
    ("en/gift-cards.md", f"a code of {POLICY['gift_cards']['code_characters']} characters"),
    ("zh/gift-cards.md", f"卡号 {POLICY['gift_cards']['code_characters']} 位"),
    ("en/ember-club.md", f"{POLICY['club']['points']['expire_months']} months"),
    ("zh/club.md", f"{POLICY['club']['points']['expire_months']} 个月"),
    ("en/stores.html", "Mon–Sat 9:30–18:30, Sun 11:00–17:00"),
    ("zh/stores.html", "每天 10:00–22:00"),
]


def text_of(name):
    file = LIBRARY / name
    if file.suffix == ".docx":
        from markitdown import MarkItDown

        return MarkItDown().convert(str(file)).text_content
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".html":
        from bs4 import BeautifulSoup

        text = BeautifulSoup(text, "html.parser").get_text(" ")
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("**", ""))


@pytest.mark.parametrize(("name", "words"), CASES)
def test_the_documents_say_what_the_policy_says(name, words):
    assert words in text_of(name)


@pytest.mark.parametrize("name", sorted(texts()))
def test_a_text_speaks_both_languages_and_fills_the_same_blanks(name):
    text = texts()[name]
    assert set(text) == {"en", "zh"}
    assert detect_language(re.sub(r"\{\w+\}", "", text["zh"])) in ("zh", None)
    assert not re.search(r"[\u4e00-\u9fff]", text["en"].replace("发票", ""))
    blanks = [set(re.findall(r"\{(\w+)\}", text[language])) for language in ("en", "zh")]
    assert blanks[0] == blanks[1]


def test_no_number_of_the_policy_is_written_into_a_text():
    fixed = {
        name: re.findall(r"\d+", re.sub(r"\{\w+\}|LE-7K4M-Q2XP|18 位", "", t["en"] + t["zh"]))
        for name, t in texts().items()
    }
    assert {name: numbers for name, numbers in fixed.items() if numbers} == {
        "exchange_item_done": ["2", "2"],  # "normally within 2 working days", as in the documents
    }


def test_every_text_is_used():
    source = "".join(
        f.read_text("utf-8") for folder in ("orders", "shop") for f in (ROOT / "actions" / folder).rglob("*.py")
    )
    made = r"status_|cancel_order_|confirm_|doing_|ask_|reason_|wish_|period_|opened_|used_|invoice_|return_item_done_"
    unused = [n for n in texts() if f'"{n}"' not in source and not re.match(made, n) and not n.endswith("_done_uk")]
    assert unused == []
