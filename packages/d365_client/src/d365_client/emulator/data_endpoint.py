"""The data endpoint: which call means what, under `/data` (d365.md §2)."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from d365_client.emulator.answers import (
    Answer,
    RefusedError,
    bad_request,
    json_answer,
    no_route,
    plain_refusal,
)
from d365_client.emulator.books import Books
from d365_client.emulator.callables import Callables
from d365_client.emulator.calls import Call
from d365_client.emulator.catalog import EntitySet
from d365_client.emulator.keys import Resource, parse_key, parse_resource
from d365_client.emulator.metadata import csdl, service_document
from d365_client.emulator.odata_actions import ActionEndpoint
from d365_client.emulator.payment_journal import HeaderRules, LineRules, SettledInvoiceRules
from d365_client.emulator.reading import Reader
from d365_client.emulator.rules import PlainRules, Rules, VendorRules
from d365_client.emulator.settings import Switches
from d365_client.emulator.values import Stored
from d365_client.emulator.writes import Writer


@attrs.frozen
class DataEndpoint:
    """Answers single calls; batches come apart in `batch.py` and arrive here one by one."""

    _books: Books
    _switches: Switches
    _callables: Callables

    def answer(self, call: Call) -> Answer:
        """The answer to a call; refusals are answers too."""
        try:
            if len(call.path) + len(call.query) > self._switches.current.longest_url:
                raise plain_refusal(414, "The request URI is too long.")
            return self._dispatch(call)
        except RefusedError as refused:
            return refused.answer
        except ArithmeticError:
            return bad_request("The $filter expression divides by zero.").answer

    def _dispatch(self, call: Call) -> Answer:
        catalog = self._books.catalog
        if call.method == "GET" and call.path.rstrip("/") == "/data":
            return json_answer(200, service_document(catalog, call.base_url))
        if call.method == "GET" and call.path == "/data/$metadata":
            return self._metadata()
        resource = parse_resource(call.path)
        if resource is None:
            raise no_route(call.url)
        if resource.set_name in call.principal.denied:
            raise plain_refusal(403, f"Access to {resource.set_name} is denied.")
        if resource.action is not None:
            return self._on_action(call, resource, resource.action)
        entity_set = catalog.sets.get(resource.set_name)
        if entity_set is None:
            raise no_route(call.url)
        if resource.key is None:
            return self._on_set(call, entity_set, resource)
        return self._on_row(call, entity_set, resource.key)

    def _metadata(self) -> Answer:
        headers = {"Content-Type": "application/xml", "OData-Version": "4.0"}
        body = csdl(
            self._books.catalog,
            self._callables.odata_actions,
            has_ax_types=self._switches.current.axtype_annotations,
        )
        return Answer(status=200, headers=headers, body=body)

    def _on_action(self, call: Call, resource: Resource, name: str) -> Answer:
        catalog = self._books.catalog
        endpoint = ActionEndpoint(self._callables, catalog, self._switches.current)
        has_key = resource.key is not None
        action = endpoint.bound_to(call, resource.set_name, name, has_key=has_key)
        if resource.key is None:
            return endpoint.call(call, action, {})
        entity_set = catalog.sets[action.entity_set]
        reader = Reader(self._books, self._switches)
        key = self._key(call, entity_set, resource.key)
        row = reader.existing(call, entity_set, key, reader.query(call, entity_set))
        return endpoint.call(call, action, row.values)

    def _on_set(self, call: Call, entity_set: EntitySet, resource: Resource) -> Answer:
        reader = Reader(self._books, self._switches)
        if call.method == "GET":
            answer = reader.count if resource.count else reader.page
            return answer(call, entity_set)
        if call.method == "POST" and not resource.count:
            return self._writer(reader).create(call, entity_set)
        raise _wrong_method(call)

    def _on_row(self, call: Call, entity_set: EntitySet, written_key: str) -> Answer:
        key = self._key(call, entity_set, written_key)
        reader = Reader(self._books, self._switches)
        if call.method == "GET":
            return reader.row(call, entity_set, key)
        if call.method in {"PATCH", "PUT"}:
            return self._writer(reader).update(call, entity_set, key)
        if call.method == "DELETE":
            return self._writer(reader).delete(call, entity_set, key)
        raise _wrong_method(call)

    def _key(self, call: Call, entity_set: EntitySet, written: str) -> Mapping[str, Stored]:
        settings = self._switches.current
        try:
            return parse_key(
                written,
                entity_set,
                short_form=settings.short_key_form,
                guid_prefix=settings.guid_prefix_is_needed,
            )
        except ValueError as problem:
            raise no_route(call.url) from problem

    def _writer(self, reader: Reader) -> Writer:
        return Writer(self._books, self._switches, reader, self._rules)

    def _rules(self, entity_set: EntitySet) -> Rules:
        match entity_set.name:
            case "VendorsV2" | "VendorsV3":
                return VendorRules(self._books, entity_set)
            case "VendorPaymentJournalHeaders":
                return HeaderRules(self._books, entity_set, self._switches)
            case "VendorPaymentJournalLines":
                return LineRules(self._books, entity_set, self._switches)
            case "VendorPaymentJournalLineSettledInvoices":
                return SettledInvoiceRules(self._books, entity_set)
            case _:
                return PlainRules(self._books, entity_set)


def _wrong_method(call: Call) -> RefusedError:
    return plain_refusal(
        405, f"The requested resource does not support http method '{call.method}'."
    )
