"""A real SMTP server in a thread, which records what it accepts and stops where a test asks."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


@dataclass
class Delivery:
    """A mail for which the server took responsibility."""

    recipient: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)


class Script:
    """What the server accepted, and what it does at each stage: ehlo, rcpt, data (the command), accepted.

    A hook receives the recipient ("" before there is one) and may return a reply that replaces the server's. Hooks
    run outside of the event loop, so that they may block.
    """

    def __init__(self):
        self.deliveries: list[Delivery] = []
        self.hooks: dict[str, Callable[[str], str | None]] = {}

    def recipients(self) -> list[str]:
        return sorted(delivery.recipient for delivery in self.deliveries)

    async def call(self, stage: str, recipient: str = "") -> str | None:
        hook = self.hooks.get(stage)
        return await asyncio.to_thread(hook, recipient) if hook else None

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802 - aiosmtpd's names
        session.host_name = hostname
        await self.call("ehlo")
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if reply := await self.call("mail"):
            return reply
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if reply := await self.call("rcpt", address):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if reply := await self.call("content", envelope.rcpt_tos[0]):
            return reply
        self.deliveries.append(Delivery(envelope.rcpt_tos[0], envelope.original_content))
        return await self.call("accepted", envelope.rcpt_tos[0]) or "250 OK"


class ScriptedSMTP(SMTP):
    async def smtp_DATA(self, arg):  # noqa: N802
        if reply := await self.event_handler.call("data", self.envelope.rcpt_tos[0]):
            await self.push(reply)
            return
        await super().smtp_DATA(arg)


class ScriptedController(Controller):
    """On a free port, which is known once the server listens."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    def factory(self):
        return ScriptedSMTP(self.handler, hostname="relais.exemple.fr", ident="essai", enable_SMTPUTF8=False)
