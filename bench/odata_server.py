"""An OData service that costs its reader nothing: pages are slices of bytes made beforehand.

It is a process of its own, with a thread a connection, and answers what D365 answers to a list of
`VendTransBiEntities`: pages in key order, next links by `$skip`, windows by `$skip` and `$top`,
`$count` (`d365.md` §2.3, §2.6). What it cannot answer truthfully it refuses, so that no reader is
quick by asking for something else. Nothing is compressed: this measures readers, not zlib.

    python -m bench.odata_server --rows 100000 --page 10000 --service 100000 --service 100000:0.3

prints one line of JSON, the base URL of each service, and serves until its input is closed.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from bench.metadata import METADATA
from bench.rows import ENTITY_SET, FIELDS, row

_KNOWN = {"$select", "$orderby", "$skip", "$top", "$count", "cross-company"}
_ORDER = ("dataAreaId", "SourceKey")


class Shelf:
    """So many rows as one run of bytes, of which any stretch is a slice.

    A service may be said to have more rows than that: they come again from the first, keys and
    all.
    """

    def __init__(self, count: int) -> None:
        texts = [row(number) for number in range(count)]
        self._count = count
        self._starts = [0]
        for text in texts:
            self._starts.append(self._starts[-1] + len(text) + 1)
        self._bytes = memoryview(b",".join(texts))

    def stretch(self, first: int, after: int) -> Iterator[memoryview]:
        """The rows from `first` up to `after`, in pieces; a comma stands between two rows."""
        while first < after:
            start = first % self._count
            end = min(self._count, start + after - first)
            yield self._bytes[self._starts[start] : self._starts[end] - 1]
            first += end - start
            if first < after:
                yield memoryview(b",")


class Service(ThreadingHTTPServer):
    """One environment: so many rows, in pages of so many, each answered after so many seconds."""

    daemon_threads = True

    def __init__(self, shelf: Shelf, *, rows: int, page: int, delay: float) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.shelf = shelf
        self.rows = rows
        self.page = page
        self.delay = delay
        self.base_url = f"http://127.0.0.1:{self.server_port}"


class _Exchange(BaseHTTPRequestHandler):
    """One connection; requests come one after the other."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Service

    def do_GET(self) -> None:
        """Answer a page, the metadata, or why not."""
        path, query = urlsplit(self.path)[2:4]
        options = {name: values[-1] for name, values in parse_qs(query).items()}
        if not self.headers.get("Authorization", "").startswith("Bearer "):
            self._refuse(HTTPStatus.UNAUTHORIZED, "a bearer token is missing")
        elif path == "/data/$metadata":
            self._answer("application/xml", [memoryview(METADATA.encode())])
        elif path != f"/data/{ENTITY_SET}":
            self._refuse(HTTPStatus.NOT_FOUND, f"there is no {path}")
        elif wrong := _wrong(options):
            self._refuse(HTTPStatus.BAD_REQUEST, wrong)
        else:
            time.sleep(self.server.delay)
            self._answer("application/json; odata.metadata=minimal", self._page(options))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing: a line a request would be work beside the work that is measured."""

    def _page(self, options: dict[str, str]) -> Sequence[memoryview]:
        server = self.server
        first = int(options.get("$skip", "0"))
        end = min(server.rows, first + int(options.get("$top", server.rows)))
        after = max(first, min(end, first + server.page))
        context = f"{server.base_url}/data/$metadata#{ENTITY_SET}"
        head = f'{{"@odata.context":"{context}",'
        if options.get("$count") == "true":
            head += f'"@odata.count":{server.rows},'
        tail = "]"
        if after < end:
            following = {**options, "$skip": str(after), "$top": str(end - after)}
            following.pop("$count", None)
            if "$top" not in options:
                following.pop("$top")
            query = urlencode(following, quote_via=quote, safe="$,")
            tail += f',"@odata.nextLink":"{server.base_url}/data/{ENTITY_SET}?{query}"'
        return [
            memoryview(f'{head}"value":['.encode()),
            *server.shelf.stretch(first, after),
            memoryview(f"{tail}}}".encode()),
        ]

    def _refuse(self, status: HTTPStatus, message: str) -> None:
        body = json.dumps({"error": {"code": "", "message": message}}).encode()
        self._answer("application/json", [memoryview(body)], status)

    def _answer(
        self, kind: str, pieces: Sequence[memoryview], status: HTTPStatus = HTTPStatus.OK
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("OData-Version", "4.0")
        self.send_header("Content-Length", str(sum(map(len, pieces))))
        self.end_headers()
        for piece in pieces:
            self.wfile.write(piece)


def _wrong(options: dict[str, str]) -> str:
    """Why this cannot be answered; nothing if it can."""
    if unknown := sorted(options.keys() - _KNOWN):
        return f"no {', '.join(unknown)} here"
    if "$select" in options and set(options["$select"].split(",")) != set(FIELDS):
        return "select all thirty fields, or none"
    order = options.get("$orderby", ",".join(_ORDER)).replace(" asc", "").split(",")
    if tuple(name.strip() for name in order) != _ORDER:
        return f"rows are in the order of {', '.join(_ORDER)} here, not of {', '.join(order)}"
    numbers = [options.get(name, "0") for name in ("$skip", "$top")]
    return "" if all(map(str.isdecimal, numbers)) else f"not numbers: {', '.join(numbers)}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, required=True, help="rows that are made")
    parser.add_argument("--page", type=int, required=True, help="rows a page, at most")
    parser.add_argument(
        "--service",
        action="append",
        required=True,
        metavar="ROWS[:SECONDS]",
        help="an environment: the rows that it has, and how long each answer takes",
    )
    return parser.parse_args()


def main() -> None:
    """Serve until the input is closed, so that no server outlives who started it."""
    arguments = _arguments()
    shelf = Shelf(arguments.rows)
    services = []
    for described in arguments.service:
        rows, _, delay = described.partition(":")
        service = Service(shelf, rows=int(rows), page=arguments.page, delay=float(delay or 0))
        threading.Thread(target=service.serve_forever, daemon=True).start()
        services.append(service)
    sys.stdout.write(json.dumps([service.base_url for service in services]) + "\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
