"""The mapping file's codes as BILL ids, checked against both sides before anything is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from bill_client.models.classifications import ChartOfAccount, Department
from syncengine.app.settings import MappingFile
from syncengine.errors import Misconfigured
from syncengine.payables import AccountMapping


def resolved(
    path: Path,
    mapping: MappingFile,
    *,
    main_accounts: Collection[str],
    accounts: Collection[ChartOfAccount],
    departments: Collection[Department],
) -> AccountMapping:
    """The mapping by id.

    Raises:
        Misconfigured: a main account is not in D365; an account or department is not in BILL, is
            archived, or is there twice. The message names file, key and value.
    """
    unknown = [code for code in mapping.accounts if code not in main_accounts]
    if unknown:
        raise Misconfigured(
            f"{path}: accounts.{unknown[0]}: D365 has no main account {unknown[0]}; "
            "correct it or remove the line"
        )
    by_number = _by_code(
        (x.account.number if x.account else None, x.id) for x in accounts if not x.archived
    )
    by_short_name = _by_code((x.short_name, x.id) for x in departments if not x.archived)
    return AccountMapping(
        accounts={
            code: _one(path, f"accounts.{code}", "account number", number, by_number)
            for code, number in mapping.accounts.items()
        },
        departments={
            code: _one(
                path, f"departments.{code}", "department with short name", name, by_short_name
            )
            for code, name in mapping.departments.items()
        },
    )


def _by_code(pairs: Iterable[tuple[str | None, str]]) -> Mapping[str, list[str]]:
    by_code: dict[str, list[str]] = {}
    for code, target_id in pairs:
        if code:
            by_code.setdefault(code, []).append(target_id)
    return by_code


def _one(path: Path, key: str, kind: str, code: str, ids: Mapping[str, list[str]]) -> str:
    found = ids.get(code, [])
    if len(found) != 1:
        how = "no" if not found else "more than one"
        raise Misconfigured(f"{path}: {key}: BILL has {how} {kind} {code}; correct the line")
    return found[0]
