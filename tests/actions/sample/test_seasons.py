from collections import Counter
from datetime import date, timedelta

from actions.sample.seasons import (
    BLACK_FRIDAY,
    CHRISTMAS_GIFTS,
    SPRING_FESTIVAL,
    SPRING_FESTIVAL_GIFTS,
    SUMMER,
    add_days,
    sends,
    within,
)

SHANGHAI = timedelta(hours=8)


def days(orders, market, wanted, shift=timedelta()):
    return Counter(
        (order["placed_at"] + shift).date() for order in orders.values() if market[order["customer_id"]] in wanted
    )


def a_day(count, span):
    return sum(number for day, number in count.items() if within(day, span)) / ((span[1] - span[0]).days + 1)


def gifts(orders, market, shelf, wanted):
    return Counter(
        order["placed_at"].date()
        for order in orders.values()
        if market[order["customer_id"]] in wanted
        for sku in order["items"]
        if "gift" in shelf[sku].tags
    )


def test_singles_day_is_china_s_peak(orders, market):
    count = days(orders, market, {"cn"}, SHANGHAI)
    assert count.most_common(1)[0][0] == date(2026, 11, 11)
    assert count[date(2026, 11, 11)] > 6 * sum(count.values()) / 365


def test_black_friday_is_the_peak_of_the_uk_and_the_eu(orders, market):
    count = days(orders, market, {"uk", "eu"})
    assert within(count.most_common(1)[0][0], BLACK_FRIDAY)
    assert a_day(count, BLACK_FRIDAY) > 1.8 * sum(count.values()) / 365


def test_gifts_are_bought_before_christmas_and_before_spring_festival(orders, market, shelf):
    western = gifts(orders, market, shelf, {"uk", "eu"})
    chinese = gifts(orders, market, shelf, {"cn"})
    plain = (date(2026, 3, 1), date(2026, 8, 31))
    assert a_day(western, CHRISTMAS_GIFTS) > 4 * a_day(western, plain)
    assert a_day(chinese, SPRING_FESTIVAL_GIFTS) > 4 * a_day(chinese, plain)
    assert a_day(chinese, SPRING_FESTIVAL) < a_day(chinese, SPRING_FESTIVAL_GIFTS) / 4


def test_iced_brew_sells_in_summer(orders):
    cold = Counter(
        order["placed_at"].date()
        for order in orders.values()
        for sku in order["items"]
        if sku in ("BR-KITE", "BR-GANNET", "CU-ICE")
    )
    assert a_day(cold, SUMMER) > 5 * a_day(cold, (date(2025, 12, 20), date(2026, 5, 31)))


def test_people_shop_in_the_evening_not_at_night(orders, market):
    hours = Counter(
        (order["placed_at"] + SHANGHAI).hour for order in orders.values() if market[order["customer_id"]] == "cn"
    )
    assert sum(hours[hour] for hour in (20, 21, 22)) > 10 * sum(hours[hour] for hour in (3, 4, 5))


def test_nothing_is_sent_on_sundays_holidays_and_at_spring_festival(sample, market):
    for order in sample.orders:
        if order["dispatched_at"]:
            shift = SHANGHAI if market[order["customer_id"]] == "cn" else timedelta()
            assert sends((order["dispatched_at"] + shift).date(), market[order["customer_id"]])


def test_working_days_skip_weekends_and_christmas():
    assert add_days(date(2025, 12, 23), 3, "uk", working=True) == date(2025, 12, 30)
    assert add_days(date(2025, 12, 23), 3, "uk", working=False) == date(2025, 12, 26)
