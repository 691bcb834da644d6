"""A mail server in a thread of the tests, as kind or as unkind as a test wants."""

import asyncio
import threading
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP


class Handler:
    """Keeps what it accepts. `answer` is its reply to the next messages, `pause` how long it thinks first.

    While `dies`, it goes away once it has the whole message: it was accepted, and nobody is told.
    """

    def __init__(self):
        self.answer, self.pause, self.accepted, self.tried, self.dies = "250 OK", 0.0, [], 0, False

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 (aiosmtpd's name)
        if address.startswith("personne"):
            return "550 nobody by that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802 (aiosmtpd's name)
        self.tried += 1
        await asyncio.sleep(self.pause)
        if self.answer.startswith("250"):
            self.accepted.append(envelope)
        if self.dies:
            server.transport.abort()
        return self.answer


class MailServer:
    """`received` are the messages as a mail program reads them."""

    def __init__(self):
        self.handler = Handler()
        self.tls = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._call(self._loop.create_server(self._session, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]

    @property
    def received(self) -> list[EmailMessage]:
        return [message_from_bytes(envelope.content, policy=default) for envelope in self.handler.accepted]

    def stop(self) -> None:
        self._call(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _session(self):
        return SMTP(
            self.handler, hostname="mail.exemple.org", loop=self._loop, enable_SMTPUTF8=True, tls_context=self.tls
        )

    async def _end(self):
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _call(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)
