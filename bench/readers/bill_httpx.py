"""What one writes by hand: httpx, its `json()`, a loop over page tokens; amounts are floats."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

import httpx


async def bills(root: str) -> list[dict[str, Any]]:
    """Every bill, as dictionaries."""
    async with httpx.AsyncClient(timeout=60) as http:
        login = await http.post(f"{root}/login", json={"username": "u", "password": "p"})
        http.headers["sessionId"] = login.json()["sessionId"]
        read: list[dict[str, Any]] = []
        query = {"max": "100"}
        while True:
            page = (await http.get(f"{root}/bills", params=query)).json()
            read += page["results"]
            if "nextPage" not in page:
                return read
            query = {"max": "100", "page": page["nextPage"]}


async def main(root: str) -> None:
    """Read everything twice, the first time to warm up, and tell the second's seconds."""
    await bills(root)
    began = time.perf_counter()
    read = await bills(root)
    seconds = time.perf_counter() - began
    total = sum(round(bill["amount"] * 100) for bill in read)
    sys.stdout.write(json.dumps({"seconds": seconds, "bills": len(read), "cents": total}) + "\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
