"""A real web server in a thread, which records what it is asked and answers well or badly."""

import socket
import ssl
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

CERTIFICATE = Path(__file__).parent / "data" / "site.exemple.fr.pem"
MEGABYTE = 1024 * 1024


@dataclass
class WebServer:
    """Where it listens, the requests that it received (method, path, Host), when, and the bytes that it could send."""

    port: int
    requests: list[tuple[str, str, str]] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    tls_names: list[str | None] = field(default_factory=list)
    sent: int = 0
    statuses: dict[str, int] = field(default_factory=dict)

    def url(self, path: str, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    @property
    def methods(self) -> list[str]:
        return [method for method, _, _ in self.requests]


class Handler(BaseHTTPRequestHandler):
    """« /404 » answers 404; the other paths are named below."""

    protocol_version = "HTTP/1.1"
    state: WebServer

    def do_HEAD(self):
        self.state.requests.append((self.command, self.path, self.headers["Host"]))
        self.state.moments.append(time.monotonic())
        self.state.agents.add(self.headers["User-Agent"])
        parts = urlsplit(self.path)
        name = parts.path.strip("/").split("/")[0]
        if self.path in self.state.statuses:
            self.answer(self.state.statuses[self.path])
        elif name.isdecimal():
            self.answer(int(name))
        else:
            getattr(self, f"answer_{name}")(parts)

    do_GET = do_HEAD  # noqa: N815 (the name that http.server looks for)

    def answer(self, status: int, **headers):
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer_get(self, parts):
        """« /get/405 » answers 405 to HEAD."""
        self.answer(200 if self.command == "GET" else int(parts.path.rsplit("/", 1)[-1]))

    def answer_to(self, parts):
        """« /to?url=…&status=301 »."""
        query = parse_qs(parts.query)
        self.answer(int(query.get("status", ["302"])[0]), Location=query["url"][0])

    def answer_chain(self, parts):
        """« /chain/3 » redirects three times, then answers."""
        left = int(parts.path.rsplit("/", 1)[-1])
        self.answer(302, Location=f"/chain/{left - 1}") if left else self.answer(200)

    def answer_nowhere(self, parts):
        self.answer(302)

    def answer_garbage(self, parts):
        self.wfile.write(b"bonjour\r\n\r\n")
        self.close_connection = True

    def answer_drip(self, parts):
        """A header that never ends, a little at a time."""
        self.flood(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a", pause=0.05)

    def answer_flood(self, parts):
        """Headers without end, as fast as possible."""
        self.flood(b"HTTP/1.1 200 OK\r\n", b"X-Again: " + b"a" * 1000 + b"\r\n")

    def answer_huge(self, parts):
        """A body without end, to GET alone."""
        if self.command == "HEAD":
            return self.answer(405)
        return self.flood(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"a" * 8192)

    def flood(self, start: bytes, again: bytes, pause: float = 0):
        self.close_connection = True
        with suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
            self.connection.sendall(start)
            while self.state.sent < 50 * MEGABYTE:
                self.connection.sendall(again)
                self.state.sent += len(again)
                time.sleep(pause)

    def log_message(self, *arguments):
        """Nothing on the screen."""


@contextmanager
def web_server(*, tls: bool = False):
    """A server on 127.0.0.1, with the certificate of site.exemple.fr when ``tls``."""
    handler = type("BoundHandler", (Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda request, address: None  # a client that hangs up is no error here
    handler.state = WebServer(server.server_port)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        context.sni_callback = lambda sock, name, _context: handler.state.tls_names.append(name)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield handler.state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
