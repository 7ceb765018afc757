"""TLS to the broker: only the site's own authority is believed."""

from __future__ import annotations

import ssl
from typing import Any

from wire.mqtt_values import BrokerAddress


class Tls(ssl.SSLContext):
    """Remembers the socket it wrapped: paho forgets one whose handshake failed, and would leave it open."""

    last: ssl.SSLSocket | None = None

    def wrap_socket(self, *args: Any, **more: Any) -> ssl.SSLSocket:
        self.last = super().wrap_socket(*args, **more)
        return self.last


def tls_to(address: BrokerAddress) -> Tls:
    """Trust `ca_file` alone, show our certificate. Raises OSError if a file cannot be read or holds no certificate."""
    context = Tls(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(address.ca_file)
    if address.cert_file is not None:
        context.load_cert_chain(address.cert_file, address.key_file)
    return context
