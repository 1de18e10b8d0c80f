"""The ledger's own arithmetic, read through its types."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from syncengine.demo.d365_vouchers import in_accounting_currency
from syncengine.demo.ledger import Ledger


def test_everything_is_there(ledger: Ledger) -> None:
    """Two hundred documents, twenty-four opening items, three closed ones, 490 steps."""
    assert (len(ledger.documents), len(ledger.opening_items), len(ledger.closed_history)) == (
        200,
        24,
        3,
    )
    steps = [step.seq for step in (*ledger.d365_events, *ledger.bill_events)]
    steps += [run.seq for run in ledger.engine_runs]
    assert sorted(steps) == list(range(1, 491))


def test_lines_add_up_to_their_document(ledger: Ledger) -> None:
    """To the last decimal, in every currency."""
    wrong = {
        document.document: document.amount
        for document in ledger.every_document
        if sum((line.amount for line in document.lines), Decimal(0)) != document.amount
    }

    assert wrong == {}


def test_accounting_amounts_are_shared_without_a_cent_lost(ledger: Ledger) -> None:
    """What the lines are worth is what the document is worth."""
    wrong = {
        document.document
        for document in ledger.every_document
        if sum(in_accounting_currency(document), Decimal(0)) != document.accounting_amount
    }

    assert wrong == set()


def test_opening_items_are_what_the_story_opens_with(ledger: Ledger) -> None:
    """The opening balances of `domain.md` §4.1 and the file's own expectations."""
    opening: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for document in ledger.opening_items:
        opening[document.legal_entity, document.currency] += document.open_amount

    assert opening == {("MQUS", "USD"): Decimal("58577.68"), ("MQGS", "USD"): Decimal("16278.74")}


def test_a_tax_id_is_never_shown(ledger: Ledger) -> None:
    """A vendor's representation does not have it."""
    taxed = [vendor for vendor in ledger.vendors if vendor.tax_id]

    assert taxed
    assert not [vendor for vendor in taxed if str(vendor.tax_id) in repr(vendor)]
