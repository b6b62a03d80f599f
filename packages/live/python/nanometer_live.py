#!/usr/bin/env python3
"""A client of the live stream (see ../PROTOCOL.md). Python 3.9 or later, standard library only.

    nanometer_live.py ws://127.0.0.1:8080/live 'risk.exposure.*'     prints live values, one line per update
    nanometer_live.py ws://127.0.0.1:8080/live --listen alerts       prints events

As a module: `for message in Stream(url).subscribe(["risk.*"]): ...` yields control messages and decoded frames.
"""

import argparse
import base64
import hashlib
import json
import math
import os
import socket
import ssl
import struct
import sys
import time
import urllib.parse
import zlib

HEADER = struct.Struct("<2sBBHHIIQd")
TYPES = {1: "snapshot", 2: "update"}
CONFLATED, FINAL, BACKFILL, DEFLATE = 1, 2, 4, 8
ROWS_LIMIT = 16_384
# Frames and dictionary messages are smaller by far; bounds memory whatever a server sends.
MESSAGE_LIMIT = 64 * 1024 * 1024
# Seconds between acknowledgements: the server sends no more than a window beyond the last one, and counts them as messages.
ACK_EVERY = 0.25
TOKEN_VARIABLE = "NANOMETER_TOKEN"


class FrameError(Exception):
    """The bytes are not a frame; `code` says why, in the words of the golden vectors."""

    def __init__(self, code, message):
        super().__init__(f"{code}: {message}")
        self.code = code


class StreamError(Exception):
    """The server refused something, ended the connection, or broke the protocol."""


def decode(data):
    """One binary message as a dict: the header's fields, and `ids`, `dt` (microseconds) and `values` as tuples."""
    if len(data) < HEADER.size:
        raise FrameError("truncated", f"{len(data)} bytes, a frame has at least {HEADER.size}")
    magic, version, kind, flags, stream, count, epoch, sequence, base = HEADER.unpack_from(data)
    if magic != b"NM":
        raise FrameError("bad_magic", magic.hex())
    if version != 1:
        raise FrameError("unsupported_version", str(version))
    if kind not in TYPES:
        raise FrameError("unknown_type", str(kind))
    if flags & ~(CONFLATED | FINAL | BACKFILL | DEFLATE):
        raise FrameError("unknown_flags", hex(flags))
    if count > ROWS_LIMIT:
        raise FrameError("too_many_rows", f"{count} rows, a frame has at most {ROWS_LIMIT}")
    column = 4 * (count + count % 2)
    body = data[HEADER.size :]
    size = 2 * column + 8 * count
    if flags & DEFLATE:
        body = inflate(body, size)
    elif len(body) != size:
        raise FrameError("length_mismatch", f"{len(data)} bytes, {count} rows need {HEADER.size + size}")
    if sequence >= 2**53:
        raise FrameError("bad_sequence", str(sequence))
    if not math.isfinite(base):
        raise FrameError("bad_time", str(base))
    return {
        "type": TYPES[kind],
        "conflated": bool(flags & CONFLATED),
        "final": bool(flags & FINAL),
        "backfill": bool(flags & BACKFILL),
        "stream": stream,
        "epoch": epoch,
        "sequence": sequence,
        "baseTimeMs": base,
        "ids": struct.unpack_from(f"<{count}I", body),
        "dt": struct.unpack_from(f"<{count}I", body, column),
        "values": struct.unpack_from(f"<{count}d", body, 2 * column),
    }


def inflate(body, size):
    """The columns of a compressed frame: exactly `size` bytes, and never more in memory."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        columns = inflater.decompress(body, size + 1)
    except zlib.error as error:
        raise FrameError("bad_deflate", str(error)) from None
    if not inflater.eof or len(columns) != size or inflater.unused_data:
        raise FrameError("bad_deflate", f"does not inflate to the {size} bytes of its rows")
    return columns


def dial(url, cafile, timeout):
    """A connection to where a URL leads, and the parts of the URL that the handshake needs."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "ws+unix" and ":/" in parts.path:
        file, _, path = parts.path.partition(":")
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(timeout)
        connection.connect(file)
        return connection, parts._replace(netloc="localhost", path=path)
    if parts.scheme not in ("ws", "wss") or not parts.hostname:
        expected = "ws://127.0.0.1:8080/live or ws+unix:/run/bridge.sock:/live"
        raise StreamError(f"{url} is no WebSocket address, expected one like {expected}")
    secure = parts.scheme == "wss"
    connection = socket.create_connection((parts.hostname, parts.port or (443 if secure else 80)), timeout)
    if secure:
        context = ssl.create_default_context(cafile=cafile)
        connection = context.wrap_socket(connection, server_hostname=parts.hostname)
    return connection, parts


class Stream:
    """A connection to a live stream."""

    def __init__(self, url, token=None, cafile=None, timeout=10):
        self._socket, parts = dial(url, cafile, timeout)
        self._file = self._socket.makefile("rb")
        self._shake_hands(parts, token)
        # A heartbeat comes each second; a server that says nothing for so long is gone.
        self._socket.settimeout(30)
        self.hello = None
        self.series = {}
        self._subscriptions = 0
        self._bytes = 0
        self._sequences = {}
        self._acknowledged_at = time.monotonic()

    def subscribe(self, names, **options):
        """Asks for series by name or glob. Options are those of `subscribe` in PROTOCOL.md, such as `attributes`."""
        self._subscriptions += 1
        self.send({"type": "subscribe", "id": self._subscriptions, "names": names, **options})
        return self

    def listen(self, topics):
        """Asks for events by topic or glob."""
        self.send({"type": "listen", "topics": topics})
        return self

    def send(self, message):
        self._write(1, json.dumps(message).encode())

    def close(self):
        self._file.close()
        self._socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.close()

    def __iter__(self):
        """Control messages as objects, frames as `decode` returns them; the dictionary is kept in `series`."""
        while True:
            opcode, payload = self._message()
            if opcode == 1:
                message = json.loads(payload)
                if message["type"] == "hello":
                    self.hello = message
                elif message["type"] == "dictionary":
                    self.series.update((entry["id"], entry) for entry in message["entries"])
                yield message
            else:
                frame = decode(payload)
                yield frame
                # Now that the caller is done with it: the server is told what has been worked off, not what has arrived.
                self._bytes += len(payload)
                self._sequences[frame["stream"]] = frame["sequence"]
            if self._sequences and time.monotonic() - self._acknowledged_at >= ACK_EVERY:
                self._acknowledge()

    def _acknowledge(self):
        self.send({"type": "ack", "bytes": self._bytes, "streams": list(self._sequences.items())})
        self._sequences.clear()
        self._acknowledged_at = time.monotonic()

    def _shake_hands(self, parts, token):
        key = base64.b64encode(os.urandom(16)).decode()
        path = (parts.path or "/live") + (f"?{parts.query}" if parts.query else "")
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: {parts.netloc.rpartition('@')[2]}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Protocol: nanometer.v1",
        ]
        if token:
            lines.append(f"Authorization: Bearer {token}")
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode())
        status = self._file.readline(8192).decode("latin-1").strip()
        headers = {}
        for _ in range(100):
            name, _, value = self._file.readline(8192).decode("latin-1").strip().partition(":")
            if not name:
                break
            headers[name.lower()] = value.strip()
        if status.split(" ")[1:2] != ["101"]:
            length = headers.get("content-length", "0")
            reason = self._file.read(min(int(length), 4096)).decode("utf-8", "replace") if length.isdigit() else ""
            raise StreamError(f"the server answered {status}: {reason}")
        digest = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
        if headers.get("sec-websocket-accept") != base64.b64encode(digest).decode():
            raise StreamError("the server's answer is not that of a WebSocket")

    def _write(self, opcode, payload):
        size = len(payload)
        if size < 126:
            length = struct.pack("!B", 0x80 | size)
        elif size < 65_536:
            length = struct.pack("!BH", 0x80 | 126, size)
        else:
            length = struct.pack("!BQ", 0x80 | 127, size)
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
        self._socket.sendall(bytes([0x80 | opcode]) + length + mask + masked)

    def _message(self):
        """The next text (1) or binary (2) message, put together from its fragments."""
        kind, parts, total = 0, [], 0
        while True:
            first, second = self._exactly(2)
            opcode, size = first & 15, second & 127
            if first & 0x70 or second & 0x80:
                raise StreamError("a WebSocket frame has bits that were not agreed on")
            if size == 126:
                (size,) = struct.unpack("!H", self._exactly(2))
            elif size == 127:
                (size,) = struct.unpack("!Q", self._exactly(8))
            total += size
            if total > MESSAGE_LIMIT:
                raise StreamError(f"a message of more than {MESSAGE_LIMIT} bytes")
            payload = self._exactly(size)
            if opcode == 8:
                code = struct.unpack("!H", payload[:2])[0] if len(payload) >= 2 else 1005
                raise StreamError(f"the server closed with {code} {payload[2:].decode('utf-8', 'replace')}".strip())
            if opcode == 9:
                self._write(10, payload)
                continue
            if opcode == 10:
                continue
            if opcode not in (0, 1, 2) or (opcode == 0) != (kind != 0):
                raise StreamError(f"an unexpected WebSocket frame of type {opcode}")
            kind = kind or opcode
            parts.append(payload)
            if first & 0x80:
                return kind, b"".join(parts)

    def _exactly(self, size):
        data = self._file.read(size)
        if len(data) < size:
            raise StreamError("the connection ended")
        return data


def print_updates(stream, count):
    """One line per row and event, until there were `count` of them."""
    printed = 0
    for message in stream:
        lines = []
        if message["type"] == "error":
            raise StreamError(f"{message['code']}: {message['message']}")
        if message["type"] == "event":
            lines = [f"{message['timeMs']:.3f} {message['topic']} {json.dumps(message['body'])}"]
        elif "ids" in message:
            lines = rows_of(message, stream.series)
        for line in lines:
            print(line, flush=True)
            printed += 1
            if printed == count:
                return


def rows_of(frame, series):
    for number, micros, value in zip(frame["ids"], frame["dt"], frame["values"]):
        entry = series.get(number)
        if entry is None:
            raise StreamError(f"a row of series {number}, which was never announced")
        attributes = printable(",".join(f"{key}={item}" for key, item in entry["attributes"].items()))
        time_ms = frame["baseTimeMs"] + micros / 1000
        yield f"{time_ms:.3f} {entry['name']}{{{attributes}}} {entry['field']} {value!r}"


def printable(text):
    """Without what would break the line, or command the terminal."""
    return "".join(each if each.isprintable() else "\ufffd" for each in text)


def decode_lines(lines):
    """Decodes frames given as hexadecimal lines, and prints for each its content or the code of its error."""
    for line in lines:
        try:
            frame = decode(bytes.fromhex(line))
        except FrameError as error:
            print(json.dumps({"code": error.code}))
            continue
        # Doubles as their bits: JSON has no NaN and forgets which one it was.
        values = [struct.pack("<d", value).hex() for value in frame["values"]]
        print(json.dumps({**frame, "baseTimeMs": struct.pack("<d", frame["baseTimeMs"]).hex(), "values": values}))


def options_of(arguments):
    attributes = dict(pair.split("=", 1) for pair in arguments.attribute)
    return {
        **({"attributes": attributes} if attributes else {}),
        **({"fields": arguments.field} if arguments.field else {}),
        **({"lane": arguments.lane} if arguments.lane else {}),
        **({"delivery": "lossless"} if arguments.lossless else {}),
        **({"minIntervalMs": arguments.min_interval} if arguments.min_interval else {}),
        **({"compressSnapshot": True} if arguments.compress else {}),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="address of the stream, or `decode` to decode hexadecimal lines of standard input")
    parser.add_argument("names", nargs="*", help="metric names or globs")
    parser.add_argument("--attribute", action="append", default=[], metavar="KEY=VALUE", help="must be equal; repeatable")
    parser.add_argument("--field", action="append", default=[], help="value, count, sum, p99, ...; repeatable")
    parser.add_argument("--lane", choices=["bulk", "risk"])
    parser.add_argument("--lossless", action="store_true", help="every update, not only the last one of each tick")
    parser.add_argument("--min-interval", type=float, metavar="MS", help="least time between two updates")
    parser.add_argument("--compress", action="store_true", help="let the server compress the snapshot")
    parser.add_argument("--listen", action="append", default=[], metavar="TOPIC", help="print events; repeatable")
    parser.add_argument("--count", type=int, help="end after so many lines")
    parser.add_argument("--token", default=os.environ.get(TOKEN_VARIABLE), help=f"default: ${TOKEN_VARIABLE}")
    parser.add_argument("--cafile", help="certificate of the server's authority, for wss:")
    arguments = parser.parse_args()
    if arguments.url == "decode":
        decode_lines(line.strip() for line in sys.stdin)
        return
    if not arguments.names and not arguments.listen:
        parser.error("give metric names, or --listen TOPIC")
    try:
        with Stream(arguments.url, arguments.token, arguments.cafile) as stream:
            if arguments.names:
                stream.subscribe(arguments.names, **options_of(arguments))
            if arguments.listen:
                stream.listen(arguments.listen)
            print_updates(stream, arguments.count)
    except (StreamError, FrameError, OSError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
