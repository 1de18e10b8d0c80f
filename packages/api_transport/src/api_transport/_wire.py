"""The transport under all others: httpx's own, with the proxy that the environment names."""

from __future__ import annotations

import ssl
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

_PORTS = {"http": 80, "https": 443}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def wire_transport(
    base_url: str, *, verify: ssl.SSLContext | None = None, connections: int
) -> httpx.AsyncHTTPTransport:
    """A transport to the host of `base_url`, by the proxy of the environment if it names one.

    httpx leaves proxy variables alone once it is given a transport. `NO_PROXY` may name hosts and
    domains, with a port or without, or `*`; loopback needs no proxy.
    `verify` None trusts what httpx trusts; up to `connections` are kept alive.
    """
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    return httpx.AsyncHTTPTransport(verify=verify or True, limits=limits, proxy=_proxy(base_url))


def _proxy(base_url: str) -> str | None:
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    port = parts.port or _PORTS.get(parts.scheme, 0)
    if host in _LOOPBACK or proxy_bypass(f"{host}:{port}"):
        return None
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    return f"http://{proxy}" if proxy and "://" not in proxy else proxy
