"""A BILL that costs its reader nothing: pages of bills are bytes made beforehand.

It is a process of its own, with a thread a connection, and answers a login and a list of bills as
BILL does (`bill.md` §1.3, §4): a hundred a page, found by the token of the one before.

    python -m bench.bill_pages --bills 10000

prints the API's root as one line of JSON, and serves until its input is closed.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PAGE_SIZE = 100
ROOT = "/connect/v3"


def bill(number: int) -> dict[str, object]:
    """A bill of two lines, with every field that BILL fills for one that is approved."""
    identity = f"{number:017d}"
    classifications = {"chartOfAccountId": "0ca01AAAAAAAAAAAAAAA", "departmentId": "0de01AAAA"}
    lines = [
        {
            "id": f"bli{identity}",
            "amount": amount,
            "description": f"Line of bill {number}",
            "classifications": classifications,
        }
        for amount in (number + 0.25, 17.5)
    ]
    at = "2026-10-01T08:15:30.127+00:00"
    return {
        "id": f"00n{identity}",
        "archived": False,
        "vendorId": "00901AAAAAAAAAAAAAAA",
        "vendorName": "Fabrikam",
        "amount": number + 17.75,
        "fundingAmount": number + 17.75,
        "paidAmount": 0,
        "dueAmount": number + 17.75,
        "scheduledAmount": 0,
        "exchangeRate": 1,
        "description": f"Bill {number}",
        "dueDate": "2026-10-31",
        "invoice": {"invoiceNumber": f"INV-{number}", "invoiceDate": "2026-10-01"},
        "billLineItems": lines,
        "paymentStatus": "UNPAID",
        "approvalStatus": "APPROVED",
        "approvers": [{"userId": "00601A", "status": "APPROVED", "statusChangedTime": at}],
        "createdTime": at,
        "updatedTime": at,
    }


class Pages(ThreadingHTTPServer):
    """So many bills, in pages of a hundred."""

    daemon_threads = True

    def __init__(self, bills: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages = []
        for start in range(0, bills, PAGE_SIZE):
            after = min(start + PAGE_SIZE, bills)
            told: dict[str, object] = {"results": [bill(number) for number in range(start, after)]}
            if after < bills:
                told["nextPage"] = str(after // PAGE_SIZE)
            self.pages.append(json.dumps(told, separators=(",", ":")).encode())


class _Handler(BaseHTTPRequestHandler):
    """Answers with a session, or with a page."""

    protocol_version = "HTTP/1.1"
    server: Pages

    def do_POST(self) -> None:
        """Log in."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(b'{"sessionId":"session","trusted":false}')

    def do_GET(self) -> None:
        """The page that is asked for."""
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path != f"{ROOT}/bills" or query.get("max") != str(PAGE_SIZE):
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        self._answer(self.server.pages[int(query.get("page", "0"))])

    def _answer(self, body: bytes) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> None:
    """Serve until the input is closed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--bills", type=int, required=True)
    with Pages(parser.parse_args().bills) as pages:
        threading.Thread(target=pages.serve_forever, daemon=True).start()
        sys.stdout.write(json.dumps(f"http://127.0.0.1:{pages.server_port}{ROOT}") + "\n")
        sys.stdout.flush()
        sys.stdin.read()
        pages.shutdown()


if __name__ == "__main__":
    main()
