"""The vendor subledger: transactions and settlements (`d365.md` §4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

import attrs

from d365_client.models.entity import Entity
from d365_client.models.enums import NoYes
from d365_client.models.ledger_enums import LedgerTransType


@attrs.frozen(kw_only=True)
class VendorTransaction(Entity):
    """One row of the vendor subledger: the truth about what is open and what is paid.

    `amount_cur` is negative for an invoice, in `currency_code`; what is open is `amount_cur` less
    `settle_amount_cur`. `closed` is None while anything is open; `exch_rate` is per 100 units.
    """

    ENTITY_SET = "VendTransBiEntities"
    KEY = ("data_area_id", "source_key")
    WIRE_NAMES: ClassVar[Mapping[str, str]] = {
        "amount_mst": "AmountMST",
        "settle_amount_mst": "SettleAmountMST",
    }

    data_area_id: str
    source_key: int
    account_num: str
    invoice: str
    voucher: str
    trans_date: date | None
    document_date: date | None
    due_date: date | None
    amount_cur: Decimal
    amount_mst: Decimal
    settle_amount_cur: Decimal
    settle_amount_mst: Decimal
    currency_code: str
    exch_rate: Decimal
    closed: date | None
    approved: NoYes | None
    cancel: NoYes | None
    prepayment: NoYes | None
    trans_type: LedgerTransType | None
    paym_mode: str
    paym_reference: str
    journal_num: str
    last_settle_voucher: str
    last_settle_date: date | None
    last_settle_account_num: str
    cash_disc_code: str
    offset_recid: int
    sys_modified_date_time: datetime | None
    created_on: datetime | None


@attrs.frozen(kw_only=True)
class VendorSettlement(Entity):
    """One half of a settlement: a transaction and what it was settled against.

    `trans_rec_id` is the `source_key` of the `VendorTransaction`.
    """

    ENTITY_SET = "VendSettlementBiEntities"
    KEY = ("data_area_id", "source_key")
    WIRE_NAMES: ClassVar[Mapping[str, str]] = {"settle_amount_mst": "SettleAmountMST"}

    data_area_id: str
    source_key: int
    trans_rec_id: int
    offset_recid: int
    offset_trans_voucher: str
    settle_amount_cur: Decimal
    settle_amount_mst: Decimal
    utilized_cash_disc: Decimal
    settlement_voucher: str
    settlement_group: int
    trans_date: date | None
    account_num: str
    can_be_reversed: NoYes | None
    created_on: datetime | None
