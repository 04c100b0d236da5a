"""What is no request is refused before it is one: waitress's parser, with the doors it leaves open shut."""

from __future__ import annotations

from waitress.parser import HTTPRequestParser, ParsingError


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """Takes a target of printable ASCII alone (RFC 9112, section 3.2), and nothing that cannot be read."""

    path = ""
    """Looked at by waitress where a client has gone, though the request was refused before it had one."""

    def parse_header(self, header_plus: bytes) -> None:
        first_line = header_plus.partition(b"\r\n")[0]
        if not all(0x20 <= byte < 0x7F for byte in first_line):
            raise ParsingError("the request line has letters that no address has; write them as %XX")
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # of an address such as http://[/, or a length of 5000 digits
            raise ParsingError("the request cannot be read") from error
        finally:
            if self.body_rcv is None or self.content_length >= self.adj.max_request_body_size:
                # waitress would say "100 Continue" before it refuses, and then wait for a body for ever.
                self.expect_continue = False
