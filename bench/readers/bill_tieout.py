"""Our client: every bill as a model, every amount exact."""

from __future__ import annotations

import asyncio
import json
import sys
import time

from bill_client import BillClient, SessionAuth


async def main(root: str) -> None:
    """Read everything twice, the first time to warm up, and tell the second's seconds."""
    auth = SessionAuth(username="u", password="p", organization_id="008", dev_key="k")  # noqa: S106 - of no service
    async with BillClient(root, auth=auth) as client:
        await client.bills.list().all()
        began = time.perf_counter()
        read = await client.bills.list().all()
        seconds = time.perf_counter() - began
    cents = int(sum(bill.amount for bill in read) * 100)
    sys.stdout.write(json.dumps({"seconds": seconds, "bills": len(read), "cents": cents}) + "\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
