"""Frozen models of the entities that accounts payable needs; drafts are separate types.

The vendor side is in `vendors` and `invoices`, what is written in `payment_journal`, accounts,
dimensions and periods in `ledger`. `d365_client` offers every name of these modules.
"""
