"""Ends TLS, demands a client certificate, and passes the bytes on to a unix socket: PORT SOCKET CERTS."""

from __future__ import annotations

import contextlib
import socket
import ssl
import sys
import threading


def copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def serve(plain: socket.socket, context: ssl.SSLContext, engine: str) -> None:
    try:
        client = context.wrap_socket(plain, server_side=True)
    except (ssl.SSLError, OSError) as refused:
        print(f"refused: {refused}", flush=True)
        plain.close()
        return
    with client, socket.socket(socket.AF_UNIX) as upstream:
        upstream.connect(engine)
        back = threading.Thread(target=copy, args=(upstream, client), daemon=True)
        back.start()
        copy(client, upstream)
        back.join()


def main() -> None:
    port, engine, certs = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{certs}/server-cert.pem", f"{certs}/server-key.pem")
    context.load_verify_locations(f"{certs}/ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    with socket.create_server(("127.0.0.1", port), backlog=64) as listener:
        while True:
            plain, _ = listener.accept()
            threading.Thread(target=serve, args=(plain, context, engine), daemon=True).start()


if __name__ == "__main__":
    main()
