"""The sample shop, Lark & Ember: its catalogue, its policy as data, a generator of customers and a year of orders."""
