"""The shop's database: customers, orders, payments, hand-over tickets, feedback, unanswered questions."""
