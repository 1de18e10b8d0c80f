"""The two clients are twins: who knows one knows how the other fails and where its parts are."""

from __future__ import annotations

import inspect
import pathlib
import re

import bill_client.errors
import d365_client.errors

ROOT = pathlib.Path(__file__).parents[2]

ONLY_D365 = {
    "_batch.py",  # BILL has bulk calls, not batches
    "_borrowed_tokens.py",  # azure-identity's credentials are for Entra
    "_csdl.py",  # BILL publishes no metadata
    "_credentials.py",  # secrets and certificates of Entra
    "_known_sets.py",  # sets by name as well as by model
    "_links.py",  # BILL pages by token
    "_metadata.py",  # BILL publishes no metadata
    "_metadata_files.py",  # same
    "_model_plan.py",  # models are generated from metadata
    "_model_source.py",  # same
    "_odata.py",  # the query language of D365
    "_public_entities.py",  # BILL publishes no metadata
    "_token_claims.py",  # why Entra's token was refused
    "_tokens.py",  # the one door to msal
}
ONLY_BILL = {
    "_changes.py",  # D365's sets are read by key, whatever changes meanwhile
    "_content.py",  # D365's files are no part of accounts payable
    "_downloads.py",  # same
    "_oauth.py",  # D365's tokens come from Entra by msal
    "_requests.py",  # BILL's resources share their kinds of calls, D365's are operations
    "_sessions.py",  # D365 has tokens, which nobody counts
    "_time_queries.py",  # D365's pages are read side by side by number
}

FAMILIES_OF_CODES = {
    "ConcurrencyLimit",
    "DuplicateNumber",
    "HourlyLimit",
    "MfaFailed",
    "MfaRequired",
    "Overpaid",
    "PaymentRefused",
    "RolledBack",
}
"""BILL tells by code what D365 tells in words only."""

ONLY_BILL_TELLS = {"reasons"}
"""BILL tells several problems at once."""


def without_prefix(name: str) -> str:
    """The name of an error without the one word in which the twins differ."""
    return re.sub(r"^(D365|Bill)(?=Error$)", "", name)


def family(module: object) -> dict[str, list[str]]:
    """Each error of a module with its parents among them, nearest first."""
    return {
        without_prefix(name): [
            without_prefix(parent.__name__)
            for parent in error.__mro__[1:]
            if issubclass(parent, Exception)
        ]
        for name, error in inspect.getmembers(module, inspect.isclass)
        if issubclass(error, Exception)
    }


def attributes(module: object) -> dict[str, list[str]]:
    """Each error of a module with what it is made from and what it carries."""
    return {
        without_prefix(name): sorted(
            {*inspect.signature(error).parameters}
            | {
                attribute
                for parent in error.__mro__
                if parent.__module__ == error.__module__
                for attribute in (*parent.__annotations__, *vars(parent))
                if not attribute.startswith("_")
            }
        )
        for name, error in inspect.getmembers(module, inspect.isclass)
        if issubclass(error, Exception)
    }


def private_files(package: str) -> set[str]:
    """The names of a client's private modules."""
    source = ROOT / "packages" / package / "src" / package
    return {path.name for path in source.glob("_*.py")} - {"__init__.py", "__main__.py"}


def test_both_clients_fail_with_the_same_tree_of_errors() -> None:
    """The error classes have the same names and the same parents on both sides."""
    bill = family(bill_client.errors)

    assert family(d365_client.errors) == {name: bill[name] for name in {*bill} - FAMILIES_OF_CODES}


def test_the_errors_of_both_clients_carry_the_same_facts() -> None:
    """An error takes the same arguments and has the same attributes as its twin."""
    d365, bill = attributes(d365_client.errors), attributes(bill_client.errors)

    assert d365 == {
        name: [one for one in bill[name] if one not in ONLY_BILL_TELLS]
        for name in {*bill} - FAMILIES_OF_CODES
    }


def test_both_clients_tell_outcomes_in_the_same_words() -> None:
    """The outcomes that an error may tell are the same members with the same values."""
    d365 = {outcome.name: outcome.value for outcome in d365_client.errors.Outcome}
    bill = {outcome.name: outcome.value for outcome in bill_client.errors.Outcome}

    assert d365 == bill


def test_the_parts_of_both_clients_are_in_files_of_the_same_name() -> None:
    """The private modules of both clients have the same names, but for those listed here."""
    assert private_files("d365_client") - ONLY_D365 == private_files("bill_client") - ONLY_BILL
