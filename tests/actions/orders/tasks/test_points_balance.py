def test_points_and_what_they_are_worth(talk, store):
    from actions.store.models import Customer

    with store.write() as session:
        customer = session.get(Customer, talk.order("LE-7K4M-Q2XP").customer_id)
        customer.points, customer.club_tier = 1234, "glow"
    (said,) = talk.verified("LE-7K4M-Q2XP").say("how many points do I have", "points_balance")
    assert "You have 1,234 points, worth £24, and your tier is Glow." in said
    assert "points expire after 18 months" in said


def test_not_without_proof(talk):
    assert "order number" in talk.say("how many points do I have", "points_balance")[0]


def test_in_yuan(chinese):
    assert "可抵 ¥" in chinese.verified("LE-9QXC-H4TV").say("我的积分", "points_balance")[0]
