import pytest

HIS = "LE-R8TN-5VHC"


def stock(store, sku):
    from actions.store.models import Product

    with store.read() as session:
        return session.get(Product, sku).stock_bristol


def empty_shelf(store):
    from sqlalchemy import update

    from actions.store.models import Product

    with store.write() as session:
        session.execute(update(Product).where(Product.sku == "GR-ROOK-WH").values(stock_bristol=0))


def test_the_white_one_is_reserved(talk, store):
    before = stock(store, "GR-ROOK-WH")
    talk.verified(HIS).say("exchange the grinder for the white one", "exchange_item")
    (said,) = talk.press("No")
    assert "Rook Electric Grinder from order LE-R8TN-5VHC for Rook Electric Grinder, White" in said
    assert "reserved for you for 10 days" in talk.say("yes", "affirm")[0]
    assert stock(store, "GR-ROOK-WH") == before - 1
    assert talk.cases()[0].details == {"variant": "GR-ROOK-WH", "difference": 0}


def test_once_only(talk):
    talk.verified(HIS).say("exchange the grinder for the white one", "exchange_item")
    talk.press("No")
    talk.say("yes", "affirm")
    assert "exchanged once already" in talk.say("exchange the grinder again", "exchange_item")[0]


def test_not_when_it_has_been_used(talk):
    talk.verified(HIS).say("exchange the grinder for the white one", "exchange_item")
    assert "cleaning fee of £25" in talk.press("Yes")[0]
    assert "Start a return" in talk.shown()


def test_nothing_to_exchange_it_for(talk, store):
    empty_shelf(store)
    assert "in stock at the moment" in talk.verified(HIS).say("exchange the grinder", "exchange_item")[0]


def test_the_last_one_taken_in_between(talk, store):
    talk.verified(HIS).say("exchange the grinder", "exchange_item")
    talk.press("No")
    empty_shelf(store)
    assert "in stock at the moment" in talk.say("yes", "affirm")[0]
    assert talk.cases() == []


def test_a_difference_in_price(talk, find):
    dripper = find(lambda o: o.status == "delivered" and [i.sku for i in o.items] == ["BR-DOVE1"])
    talk.change(dripper.number, delivered_at=talk.order(HIS).delivered_at)
    talk.verified(dripper.number).say("exchange it for size 02", "exchange_item")
    assert "You pay the difference of £6." in talk.press("No")[0]


@pytest.mark.parametrize("market", ["eu"])
def test_not_from_the_eu(talk, find, market):
    theirs = find(lambda o: o.status == "delivered", market)
    assert "second customs declaration" in talk.verified(theirs.number).say("exchange it", "exchange_item")[0]


def test_thirty_days(talk, find):
    late = find(lambda o: o.status == "delivered" and o.delivered_at.month == 9 and len(o.items) == 1)
    assert "exchanges are open for 30 days" in talk.verified(late.number).say("exchange it", "exchange_item")[0]
