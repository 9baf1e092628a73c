import pytest

from actions.page import about_the_page
from actions.sample.generate import seed


@pytest.fixture
def session(shop):
    shop.database.seed_if_empty(seed)
    with shop.database.read() as session:
        yield session


def on_page(sku, **more):
    return {"metadata": {"product": sku}, **more}


@pytest.mark.parametrize(
    ("question", "language", "asked"),
    [
        ("How long is the warranty on this?", "en", "How long is the warranty on Wren Compact Espresso Machine?"),
        ("is this one noisy", "en", "is Wren Compact Espresso Machine noisy"),
        ("这款保修多久", "zh", "鹪鹩意式咖啡机保修多久"),
        ("这台机器怎么除垢", "zh", "鹪鹩意式咖啡机怎么除垢"),
        ("how long does it take to France", "en", "how long does it take to France"),
        ("can I return this week's coffee", "en", "can I return this week's coffee"),
        ("这个订单到哪了", "zh", "这个订单到哪了"),
    ],
)
def test_this_is_the_product_on_the_page(session, question, language, asked):
    assert about_the_page(session, question, language, on_page("EM-WREN1")) == asked


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"metadata": None},
        on_page("XX-NOTHING"),
        on_page("EM-WREN1", found=[{"entity": "product", "value": "GR-ROOK"}]),
    ],
    ids=str,
)
def test_otherwise_the_question_stays_as_it_is(session, message):
    assert about_the_page(session, "how heavy is this", "en", message) == "how heavy is this"
