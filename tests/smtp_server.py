import email
import email.policy
import socketserver
import threading


class SmtpServer(socketserver.ThreadingTCPServer):
    """A mail server on a port of this machine, that keeps what it is given.

    Addresses that begin with ``refused`` do not exist here.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), SmtpSession)
        self.mails = []

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *args):
        self.shutdown()
        self.server_close()

    @property
    def port(self):
        return self.server_address[1]


class SmtpSession(socketserver.StreamRequestHandler):
    """One client: the few words of RFC 5321 that a sender needs."""

    def handle(self):
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            word = line.upper()
            if word.startswith("DATA"):
                self.say("354 go on")
                self.keep()
                self.say("250 taken")
            elif word.startswith("QUIT"):
                self.say("221 bye")
                return
            elif word.startswith("RCPT TO:<REFUSED"):
                self.say("550 5.1.1 no such mailbox")
            else:
                self.say("250 fine")

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())

    def keep(self):
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.server.mails.append(
            email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        )
