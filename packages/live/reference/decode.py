#!/usr/bin/env python3
"""Reference decoder of the live stream (see ../PROTOCOL.md). Python 3.9 or later, standard library only.

    decode.py vectors FILE                        checks the golden vectors
    decode.py ws://127.0.0.1:8080/live NAME...    subscribes and prints one line per update; NAME may be a glob
        --count N                                 ends after N updates
"""

import argparse
import base64
import json
import math
import os
import socket
import struct
import sys
import urllib.parse

HEADER = struct.Struct("<2sBBHHIIQd")
TYPES = {1: "snapshot", 2: "update"}
CONFLATED, FINAL = 1, 2


class FrameError(Exception):
    """The bytes are not a frame; `code` says why, in the words of the golden vectors."""

    def __init__(self, code, message):
        super().__init__(f"{code}: {message}")
        self.code = code


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
    if flags & ~(CONFLATED | FINAL):
        raise FrameError("unknown_flags", hex(flags))
    column = 4 * (count + count % 2)
    expected = HEADER.size + 2 * column + 8 * count
    if len(data) != expected:
        raise FrameError("length_mismatch", f"{len(data)} bytes, {count} rows need {expected}")
    if sequence >= 2**53:
        raise FrameError("bad_sequence", str(sequence))
    if not math.isfinite(base):
        raise FrameError("bad_time", str(base))
    return {
        "type": TYPES[kind],
        "conflated": bool(flags & CONFLATED),
        "final": bool(flags & FINAL),
        "stream": stream,
        "epoch": epoch,
        "sequence": sequence,
        "baseTimeMs": base,
        "ids": struct.unpack_from(f"<{count}I", data, HEADER.size),
        "dt": struct.unpack_from(f"<{count}I", data, HEADER.size + column),
        "values": struct.unpack_from(f"<{count}d", data, HEADER.size + 2 * column),
    }


class Stream:
    """A WebSocket, as far as this protocol needs one."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self._socket = socket.create_connection((parts.hostname, parts.port or 80))
        self._file = self._socket.makefile("rb")
        request = (
            f"GET {parts.path or '/live'} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: nanometer.v1\r\n\r\n"
        )
        self._socket.sendall(request.encode())
        status = self._file.readline().decode().strip()
        if " 101 " not in status + " ":
            raise ConnectionError(f"{url} answered {status}")
        while self._file.readline().strip():
            pass

    def send(self, message):
        self._frame(1, json.dumps(message).encode())

    def _frame(self, opcode, payload):
        size = len(payload)
        length = struct.pack("!B", 0x80 | size) if size < 126 else struct.pack("!BH", 0x80 | 126, size)
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
        self._socket.sendall(bytes([0x80 | opcode]) + length + mask + masked)

    def __iter__(self):
        """Text messages as objects, binary ones as decoded frames."""
        while True:
            opcode, payload = self._message()
            if opcode == 1:
                yield json.loads(payload)
            elif opcode == 2:
                yield decode(payload)
            elif opcode == 8:
                return
            elif opcode == 9:
                self._frame(10, payload)

    def _message(self):
        # The server does not fragment its messages.
        first, size = self._exactly(2)
        if size == 126:
            (size,) = struct.unpack("!H", self._exactly(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self._exactly(8))
        return first & 15, self._exactly(size)

    def _exactly(self, size):
        data = self._file.read(size)
        if len(data) < size:
            raise ConnectionError("the connection ended")
        return data


def follow(url, names, count):
    stream = Stream(url)
    stream.send({"type": "subscribe", "id": 1, "names": names})
    series = {}
    printed = 0
    for message in stream:
        if message["type"] == "dictionary":
            series.update((entry["id"], entry) for entry in message["entries"])
        elif message["type"] == "error":
            sys.exit(f"{message['code']}: {message['message']}")
        elif "ids" in message:
            for number, micros, value in zip(message["ids"], message["dt"], message["values"]):
                entry = series[number]
                attributes = ",".join(f"{key}={item}" for key, item in entry["attributes"].items())
                time = message["baseTimeMs"] + micros / 1000
                print(f"{time:.3f} {entry['name']}{{{attributes}}} {entry['field']} {value!r}", flush=True)
                printed += 1
                if printed == count:
                    return


def check(path):
    with open(path, encoding="utf-8") as file:
        vectors = json.load(file)
    for vector in vectors["valid"]:
        got = decode(bytes.fromhex(vector["hex"]))
        want = {**vector["frame"], "values": [float(value) for value in vector["frame"]["values"]]}
        # As text, because NaN is not equal to itself and -0.0 is equal to 0.0.
        for key in want:
            same = [repr(float(v)) for v in got[key]] == [repr(float(v)) for v in want[key]] if key in ("ids", "dt", "values") else got[key] == want[key]
            if not same:
                sys.exit(f"{vector['name']}: {key} is {got[key]}, expected {want[key]}")
    for vector in vectors["invalid"]:
        try:
            decode(bytes.fromhex(vector["hex"]))
        except FrameError as error:
            if error.code == vector["code"]:
                continue
        sys.exit(f"{vector['name']}: not refused with {vector['code']}")
    print(f"{len(vectors['valid'])} frames decoded, {len(vectors['invalid'])} refused")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source")
    parser.add_argument("names", nargs="+")
    parser.add_argument("--count", type=int)
    options = parser.parse_args()
    if options.source == "vectors":
        check(options.names[0])
    else:
        follow(options.source, options.names, options.count)
