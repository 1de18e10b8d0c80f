"""Frozen models of what BILL answers; drafts of what it is sent are separate types.

Attribute names are the wire's in snake case. Amounts are `Decimal` in the vendor's currency unless
the name says `funding` (US dollars); dates are business dates; times are aware UTC instants.
A key that BILL left out is None, and what a model does not name is kept in `extra`.
"""
