HIS = "LE-R8TN-5VHC"


def test_reported_with_a_wish(talk):
    talk.change(HIS, delivered_at=talk.order(HIS).delivered_at.replace(day=21))
    talk.verified(HIS).say("it arrived damaged", "damaged_item")
    talk.press("Rook Electric Grinder")
    talk.say("the hopper is cracked")
    (said,) = talk.press("A replacement")
    assert "“the hopper is cracked”; you would like a replacement. Shall I?" in said
    assert "reported under R-" in talk.say("yes", "affirm")[0]
    (case,) = talk.cases()
    assert case.details == {"description": "the hopper is cracked", "wish": "replacement", "late": False}


def test_late_is_said_honestly(talk):
    talk.verified(HIS).say("my grinder arrived damaged, I want a refund", "damaged_item")
    (said,) = talk.say("the hopper is cracked")
    assert "more than 48 hours" in said
    assert "my money back" in said


def test_after_thirty_days_it_is_a_matter_for_the_warranty(talk, find):
    old = find(lambda o: o.status == "delivered" and o.delivered_at.month < 9 and len(o.items) == 1)
    assert "more than 30 days ago" in talk.verified(old.number).say("it is damaged", "damaged_item")[0]
    assert "Warranty claim" in talk.shown()


def test_an_article_and_what_is_wrong_with_it_in_one_message(talk):
    talk.verified(HIS).say("it arrived damaged", "damaged_item")
    assert "replacement or your money back" in talk.say("the Rook has a deep scratch on its side")[0]
