"""Financial dimensions, their values and how display values are built (`d365.md` §4.3)."""

from __future__ import annotations

from datetime import date

import attrs

from d365_client.models.entity import Entity, EntityDraft
from d365_client.models.enums import NoYes
from d365_client.models.ledger_enums import DimensionHierarchyType, DimensionSegmentDelimiter


@attrs.frozen(kw_only=True)
class FinancialDimension(Entity):
    """A financial dimension, such as departments, and where its values come from."""

    ENTITY_SET = "DimensionAttributes"
    KEY = ("dimension_name",)

    dimension_name: str
    use_values_from: str
    report_column_name: str


@attrs.frozen(kw_only=True)
class FinancialDimensionValue(Entity):
    """A value of a financial dimension; `legal_entity_id` is empty where all share it."""

    ENTITY_SET = "FinancialDimensionValues"
    KEY = ("financial_dimension", "legal_entity_id", "dimension_value")

    financial_dimension: str
    legal_entity_id: str
    dimension_value: str
    description: str
    is_suspended: NoYes | None
    is_blocked_for_manual_entry: NoYes | None
    is_total: NoYes | None
    active_from: date | None
    active_to: date | None


@attrs.frozen(kw_only=True)
class FinancialDimensionValueDraft(EntityDraft[FinancialDimensionValue]):
    """A value of a financial dimension to be created."""

    CREATES = FinancialDimensionValue

    financial_dimension: str
    dimension_value: str
    legal_entity_id: str | None = None
    description: str | None = None
    is_suspended: NoYes | None = None
    is_blocked_for_manual_entry: NoYes | None = None
    is_total: NoYes | None = None
    active_from: date | None = None
    active_to: date | None = None


@attrs.frozen(kw_only=True)
class DimensionCombination(Entity):
    """A ledger dimension: a main account with its dimension values."""

    ENTITY_SET = "DimensionCombinations"
    KEY = ("record_id",)

    record_id: int
    display_value: str
    main_account: str
    account_structure: str


@attrs.frozen(kw_only=True)
class DimensionSet(Entity):
    """Default dimensions: dimension values without a main account."""

    ENTITY_SET = "DimensionSets"
    KEY = ("record_id",)

    record_id: int
    display_value: str


@attrs.frozen(kw_only=True)
class DimensionIntegrationFormat(Entity):
    """The order of segments in display values; one is active for each type, for all companies."""

    ENTITY_SET = "DimensionIntegrationFormats"
    KEY = ("dimension_format_name", "dimension_format_type")

    dimension_format_name: str
    dimension_format_type: DimensionHierarchyType | None
    financial_dimension_format: str
    is_active: NoYes | None


@attrs.frozen(kw_only=True)
class DimensionParameters(Entity):
    """How display values are written."""

    ENTITY_SET = "DimensionParameters"
    KEY = ("key",)

    key: int
    dimension_segment_delimiter: DimensionSegmentDelimiter | None
