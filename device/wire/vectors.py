#!/usr/bin/env python3
"""Writes vectors.json: golden bytes of ../PROTOCOL.md for the C and the TypeScript tests.

Its CRC and COBS are written from the definitions, bit by bit, and share no code with either side:
neither is its own oracle. `python3 vectors.py` prints the file; `--check` compares it with the one beside.
"""
import json
import pathlib
import struct
import sys

MAX_DECODED = 126


def crc16(data):
    """CRC-16/CCITT-FALSE as a division of polynomials."""
    crc = 0xFFFF
    for byte in data:
        for bit in range(7, -1, -1):
            feedback = (crc >> 15) ^ (byte >> bit & 1)
            crc = (crc << 1) & 0xFFFF
            if feedback:
                crc ^= 0x1021
    return crc


def crc32(data):
    """CRC-32/ISO-HDLC: reflected, start and final xor of all ones."""
    crc = 0xFFFFFFFF
    for byte in data:
        for bit in range(8):
            feedback = (crc ^ byte >> bit) & 1
            crc >>= 1
            if feedback:
                crc ^= 0xEDB88320
    return crc ^ 0xFFFFFFFF


def cobs(data):
    """Each run up to a zero, or up to 254 bytes, is led by its length + 1."""
    out = b""
    runs = data.split(b"\0")
    for index, run in enumerate(runs):
        while len(run) >= 254:
            out += b"\xff" + run[:254]
            run = run[254:]
            if not run and index == len(runs) - 1:
                return out
        out += bytes([len(run) + 1]) + run
    return out


def frame(kind, tag, body):
    decoded = bytes([kind, tag]) + body
    decoded += struct.pack("<H", crc16(decoded))
    assert len(decoded) <= MAX_DECODED
    return cobs(decoded) + b"\0"


def u8(*values):
    return struct.pack(f"<{len(values)}B", *values)


def i16(values):
    return struct.pack(f"<{len(values)}h", *values)


FRAMES = []


def add(name, direction, kind, tag, fields, body):
    FRAMES.append(
        {"name": name, "direction": direction, "type": kind, "tag": tag, "fields": fields,
         "body": body.hex(), "wire": frame(kind, tag, body).hex()})


def to_board(name, kind, tag, fields, body=b""):
    add(name, "toBoard", kind, tag, fields, body)


def to_host(name, kind, tag, fields, body=b""):
    add(name, "toHost", kind, tag, fields, body)


def hello_answer(name, tag, features, build, cause, board):
    fields = {"major": 1, "minor": 0, "features": features, "build": build, "cpuHz": 16000000, "maxFrame": 126,
              "window": 112, "channels": 6, "resetCause": cause, "maxRateHz": 250, "modelCapacity": 1024,
              "maxWidth": 32, "maxLayers": 4, "name": board}
    body = struct.pack("<BBI8sIBBBBHHBB", 1, 0, features, bytes.fromhex(build), 16000000, 126, 112, 6, cause, 250, 1024, 32, 4)
    assert len(body) == 28
    to_host(name, 0x81, tag, fields, body + board.encode("ascii"))


def channel(tag, index, bits, reference, board_name):
    to_board(f"CHANNEL {index}", 0x02, tag, {"index": index}, u8(index))
    to_host(f"CHANNEL {index} answer", 0x82, tag, {"index": index, "bits": bits, "reference": reference, "name": board_name},
            struct.pack("<BBH", index, bits, reference) + board_name.encode("ascii"))


def ping(name, tag, data):
    to_board(f"PING {name}", 0x03, tag, {"bytes": data.hex()}, data)
    to_host(f"PING {name} answer", 0x83, tag, {"bytes": data.hex()}, data)


def start(name, tag, rate, limit, sequence, time):
    period = (2000000 + rate // 2) // rate
    to_board(f"START {name}", 0x04, tag, {"rateHz": rate, "creditLimit": limit}, struct.pack("<HI", rate, limit))
    to_host(f"START {name} answer", 0x84, tag, {"period": period, "sequence": sequence, "time": time},
            struct.pack("<III", period, sequence, time))


def counters(name, request, tag, sent, no_credit, tx_full, missed, rx_bad, rx_overrun, time):
    produced = (sent + no_credit + tx_full + missed) % 2**32
    fields = {"produced": produced, "sent": sent, "noCredit": no_credit, "txFull": tx_full, "missed": missed,
              "rxBad": rx_bad, "rxOverrun": rx_overrun, "time": time}
    to_board(name, request, tag, {})
    to_host(f"{name} answer", request | 0x80, tag, fields, struct.pack("<5I2HI", *fields.values()))


def reading(name, generation, sequence, time, values, result=None):
    fields = {"sequence": sequence, "time": time, "values": values}
    body = struct.pack("<II", sequence, time) + i16(values)
    if result is not None:
        fields |= {"class": result[0], "scores": result[1]}
        body += u8(result[0], *result[1])
    to_host(f"READING {name}", 0x40, generation, fields, body)


def infer(name, tag, values, generation, elapsed, best, scores):
    to_board(f"INFER {name}", 0x14, tag, {"values": values}, i16(values))
    to_host(f"INFER {name} answer", 0x94, tag, {"generation": generation, "elapsed": elapsed, "class": best, "scores": scores},
            struct.pack("<BHB", generation, elapsed, best) + u8(*scores))


def model_data(name, tag, offset, data):
    to_board(f"MODEL_DATA {name}", 0x11, tag, {"offset": offset, "bytes": data.hex()}, struct.pack("<H", offset) + data)
    received = offset + len(data)
    to_host(f"MODEL_DATA {name} answer", 0x91, tag, {"received": received}, struct.pack("<H", received))


def error(name, tag, request, code):
    to_host(f"ERROR {name}", 0xFF, tag, {"request": request, "code": code}, u8(request, code))


def messages():
    to_board("HELLO", 0x01, 1, {"major": 1, "minor": 0}, u8(1, 0))
    to_board("HELLO of a newer host", 0x01, 255, {"major": 2, "minor": 7}, u8(2, 7))
    hello_answer("HELLO answer", 1, 0x0F, "0123456789abcdef", 0, "Arduino Uno")
    hello_answer("HELLO answer of the longest name", 2, 0x80000001, "ff00ff0000000001", 0x0F, "sixteen letters!")
    channel(2, 0, 10, 5000, "A0")
    channel(3, 5, 16, 65535, "torque")
    ping("empty", 4, b"")
    ping("of zeros", 5, bytes(3))
    ping("of 100 different bytes", 6, bytes(range(156, 256)))
    ping("of 100 zeros", 7, bytes(100))
    start("at 200 per second", 8, 200, 400, 0, 1234567)
    start("at 3 per second, near the wrap", 9, 3, 0x00000010, 0xFFFFFFF0, 0xFFFFFFFE)
    counters("STOP", 0x05, 10, 2000, 0, 0, 0, 0, 0, 12345678)
    counters("COUNTERS", 0x07, 11, 0xFFFFFF00, 0x1FF, 2, 1, 65535, 256, 0xFFFFFFFF)
    to_board("CREDIT", 0x06, 12, {"creditLimit": 600}, struct.pack("<I", 600))
    to_board("CREDIT beyond the wrap", 0x06, 13, {"creditLimit": 99}, struct.pack("<I", 99))
    digits = crc32(b"123456789")
    to_board("MODEL_BEGIN", 0x10, 14, {"size": 340, "crc32": digits}, struct.pack("<HI", 340, digits))
    to_host("MODEL_BEGIN answer", 0x90, 14, {})
    model_data("first", 15, 0, bytes.fromhex("4c3801020604") + bytes(90))
    model_data("last", 16, 339, b"\x80")
    to_board("MODEL_COMMIT", 0x12, 17, {"generation": 7}, u8(7))
    to_host("MODEL_COMMIT answer", 0x92, 17, {"generation": 7, "inputs": 6, "outputs": 4, "macs": 160},
            struct.pack("<BBBH", 7, 6, 4, 160))
    to_board("MODEL_RUN on", 0x13, 18, {"on": 1}, u8(1))
    to_host("MODEL_RUN on answer", 0x93, 18, {"generation": 7}, u8(7))
    to_board("MODEL_RUN off", 0x13, 19, {"on": 0}, u8(0))
    to_host("MODEL_RUN off answer", 0x93, 19, {"generation": 0}, u8(0))
    infer("of small counts", 20, [0, 1, 511, 512, 1022, 1023], 7, 712, 2, [3, 0, 251, 2])
    infer("of extremes, slow", 21, [-32768, -1, 0, 1, 256, 32767], 255, 65535, 1, [128])
    reading("without result", 0, 0, 2504, [512, 300, 17, 1023, 0, 256])
    reading("with result", 7, 200, 1002504, [498, 311, 20, 1000, 1, 255], (3, [0, 1, 2, 252]))
    reading("with one output", 1, 201, 1007504, [0, 0, 0, 0, 0, 0], (1, [200]))
    reading("with 32 outputs", 255, 0x00FF00FF, 0x80000000, [10, 20, 30, 40, 50, 60], (31, list(range(100, 132))))
    reading("last before the wrap", 0, 0xFFFFFFFF, 0xFFFFFFFF, [32767, -32768, -1, -2, -256, -255])
    reading("first after the wrap", 0, 0, 4499, [-1, -1, -1, -1, -1, -1])
    names = {1: "unknownType", 2: "badLength", 3: "badValue", 5: "tooLarge", 6: "badOrder", 7: "badChecksum",
             8: "badVersion", 9: "badModel", 10: "noModel"}
    requests = {1: 0x3F, 2: 0x04, 3: 0x02, 5: 0x10, 6: 0x11, 7: 0x12, 8: 0x01, 9: 0x12, 10: 0x14}
    for code, text in names.items():
        error(text, 40 + code, requests[code], code)


def bad_frames():
    hello = frame(0x01, 1, u8(1, 0))
    reading_wire = frame(0x40, 0, struct.pack("<II", 5, 6) + i16([1, 2, 3, 4, 5, 6]))

    def raw(name, wire, why):
        return {"name": name, "wire": wire.hex(), "why": why}

    def sealed(length):
        data = bytes(1 + n % 255 for n in range(length - 2))
        return cobs(data + struct.pack("<H", crc16(data))) + b"\0"

    swapped = bytearray(cobs(b"\x01\x01\x01\x00" + struct.pack(">H", crc16(b"\x01\x01\x01\x00"))) + b"\0")
    flipped = bytearray(reading_wire)
    flipped[-2] ^= 0x40
    return [
        raw("one byte", b"\x01\0", "short"),
        raw("type alone", sealed(3), "short"),
        raw("a CRC alone", cobs(struct.pack("<H", 0xFFFF)) + b"\0", "short"),
        raw("127 bytes decoded", sealed(127), "long"),
        raw("253 bytes decoded", sealed(253), "long"),
        raw("300 bytes without a zero", b"\xff" * 300 + b"\0", "long"),
        raw("CRC bytes in the wrong order", bytes(swapped), "crc"),
        raw("one bit turned over", bytes(flipped), "crc"),
        raw("last byte before the delimiter lost", hello[:-2] + b"\0", "cobs"),
        raw("first byte lost", hello[1:], "crc"),
        raw("a code that runs past the end", b"\x05\x11\x22\x33\0", "cobs"),
        raw("text", b"AT+RST\r\n\0", "cobs"),
        raw("four bytes with a wrong CRC", b"\x05\x11\x22\x33\x44\0", "crc"),
    ]


def vectors():
    messages()
    plain = [b"", b"123456789", b"\0", b"\0\0", b"\xff", b"\xff\xff", b"Lepton Point", bytes(range(124)), bytes(255)]
    encoded = [b"", b"\0", b"\0\0", b"\0\x11\0", b"\x11\x22\0\x33", b"\x11\x22\x33\x44", b"\x11\0\0\0",
               bytes(126), bytes(range(1, 127)), bytes(range(126)), b"\xff" * 126, bytes(range(125, 0, -1)) + b"\0"]
    return {
        "about": "Golden vectors of ../PROTOCOL.md, written by vectors.py. Bytes are lower-case hex; crc, type, tag are numbers. "
                 "`cobs` has no delimiter; `wire` ends in its 00. Fields are named as in the specification: `bytes` and `build` are hex.",
        "crc16": [{"hex": data.hex(), "crc": crc16(data)} for data in plain],
        "crc32": [{"hex": data.hex(), "crc": crc32(data)} for data in plain],
        "cobs": [{"decoded": data.hex(), "encoded": cobs(data).hex()} for data in encoded],
        "frames": FRAMES,
        "bad": bad_frames(),
    }


def text(document):
    """One entry a line, so that a change shows as a line."""
    parts = []
    for key, value in document.items():
        if isinstance(value, str):
            parts.append(f"  {json.dumps(key)}: {json.dumps(value)}")
        else:
            lines = ",\n".join("    " + json.dumps(entry) for entry in value)
            parts.append(f"  {json.dumps(key)}: [\n{lines}\n  ]")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    assert crc16(b"123456789") == 0x29B1 and crc32(b"123456789") == 0xCBF43926
    made = text(vectors())
    if "--check" in sys.argv:
        beside = pathlib.Path(__file__).with_name("vectors.json").read_text(encoding="utf-8")
        sys.exit(0 if beside == made else "vectors.json is not what vectors.py writes")
    sys.stdout.write(made)
