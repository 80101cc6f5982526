#!/usr/bin/env python3
"""Reads a segment file with nothing of Tally: Python's standard library and the zstd command.

    read_segment.py FILE            prints the events, byte for byte
    read_segment.py --runs FILE     prints where they came from
    read_segment.py --dump FILE     prints the file in hex, with what the bytes are

segment.md beside this file is the description; this program proves it complete. It checks CRCs and
SHA-256, but not events_root, and is slow.
"""
import datetime
import hashlib
import struct
import subprocess
import sys

MASK = (1 << 64) - 1
JSON, TIME, WORD, TEXT, MESSAGE, INTEGER, DECIMAL, FIXED, HEX, HEX_UPPER, UUID, TRUTH = range(1, 13)
KINDS = ("", "json", "time", "word", "text", "message", "integer", "decimal", "fixed", "hex",
         "HEX", "uuid", "truth")
FIXED_COLUMNS = [("", JSON, 0), ("timestamp", TIME, 0), ("service", WORD, 0),
                 ("operation", WORD, 0), ("container", WORD, 0), ("error", MESSAGE, 0),
                 ("metadata", JSON, 0)]
TIME_COLUMN, CONTAINER_PATH = 1, "container"
PART_NAMES = {0: "shapes", 1: "runs", 2: "commits", 3: "counts"}
FOOTER_FIELDS = {1: "store", 2: "number", 3: "first", 4: "count", 5: "times", 6: "lines_bytes",
                 7: "blocks", 8: "schema", 9: "filter", 10: "chain", 11: "commits_behind",
                 12: "uncounted", 13: "counts", 128: "received"}
BLOCK_FIELDS = {1: "first", 2: "count", 3: "times", 4: "lines_bytes", 5: "parts",
                6: "stored_sha256", 7: "events_root", 8: "previous", 9: "uncounted"}


def make_crc_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


CRC_TABLE = make_crc_table()


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ CRC_TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def signed(value):
    value &= MASK
    return value - (1 << 64) if value >> 63 else value


class Reader:
    def __init__(self, data):
        self.data = data
        self.at = 0

    def bytes(self, count):
        if self.at + count > len(self.data):
            raise ValueError("cut short")
        self.at += count
        return self.data[self.at - count:self.at]

    def byte(self):
        return self.bytes(1)[0]

    def fixed32(self):
        return struct.unpack("<I", self.bytes(4))[0]

    def varint(self):
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def zigzag(self):
        value = self.varint()
        return value >> 1 ^ -(value & 1)

    def text(self):
        return self.bytes(self.varint())

    def end(self):
        return self.at == len(self.data)


def unpack(reader, count):
    """Packed bytes: plain, one byte repeated, or a zstd frame."""
    if count == 0:
        return b""
    packing = reader.byte()
    if packing == 0:
        return reader.bytes(count)
    if packing == 1:
        return reader.bytes(1) * count
    frame = reader.text()
    result = subprocess.run(["zstd", "-dc"], input=frame, capture_output=True, check=True).stdout
    if packing != 2 or len(result) != count:
        raise ValueError("packed bytes")
    return result


def integers(reader, count):
    if count == 0:
        return []
    head = reader.byte()
    listing = head & 0x0F
    if listing == 0:
        return [reader.zigzag()] * count
    if listing == 3:
        return list(struct.unpack("<%dq" % count, reader.bytes(8 * count)))
    divisor, offset = reader.varint(), reader.zigzag()
    values = list(unpack(reader, count))
    if listing == 2:
        values = buckets(reader, values)
    if head & 0x10:
        values = [value >> 1 ^ -(value & 1) for value in values]
    return [signed((value + offset) * divisor) for value in values]


def buckets(reader, symbols):
    widths = [(symbol - 64) // 4 + 4 if symbol >= 64 else 0 for symbol in symbols]
    bits = int.from_bytes(reader.bytes((sum(widths) + 7) // 8), "little")
    values = []
    at = 0
    for symbol, width in zip(symbols, widths):
        if symbol < 64:
            values.append(symbol)
            continue
        values.append((4 + symbol % 4 << width) | bits >> at & (1 << width) - 1)
        at += width
    return values


def times(reader, count):
    unit, first, shift = reader.varint(), reader.zigzag(), reader.byte()
    expected = 0
    result = []
    for stray in integers(reader, count):
        result.append(signed(first + (expected + stray) * unit))
        expected += stray >> shift
    return result


def section(data, tag):
    if data[:3] != tag or data[3] != 1:
        raise ValueError("no section %s of version 1" % tag.decode())
    length = struct.unpack("<I", data[4:8])[0]
    if crc32c(data[:8 + length]) != struct.unpack("<I", data[8 + length:12 + length])[0]:
        raise ValueError("CRC of section %s" % tag.decode())
    return data[8:8 + length]


def fields(data, known):
    reader = Reader(data)
    result = {}
    while not reader.end():
        kind = reader.byte()
        if kind < 0x80 and kind not in known:
            raise ValueError("field %d is of a newer version" % kind)
        result[kind] = reader.text()
    return result


class BlockHeader:
    def __init__(self, data):
        self.fields = fields(section(data, b"TLB"), BLOCK_FIELDS)
        self.section_bytes = len(data)
        self.first = Reader(self.fields[1]).varint()
        self.count = Reader(self.fields[2]).varint()
        reader = Reader(self.fields[5])
        self.parts = []
        while not reader.end():
            self.parts.append((reader.varint(), reader.varint(), reader.fixed32()))
        self.parts_bytes = sum(part[1] for part in self.parts)


class Schema:
    def __init__(self, data):
        reader = Reader(data)
        self.columns = list(FIXED_COLUMNS)
        for _ in range(reader.varint()):
            self.columns.append((reader.text().decode(), reader.byte(), reader.byte()))
        self.words = {}
        for _ in range(reader.varint()):
            column = reader.varint()
            self.words[column] = [reader.text() for _ in range(reader.varint())]
        self.shapes = []
        for _ in range(reader.varint()):
            reader.varint(), reader.varint()  # operation, success: they stand in the text, too
            self.shapes.append(list(self.steps(reader.text())))

    def steps(self, text):
        """(literal, column or None, time form or None)"""
        literal = b""
        at = 0
        while at < len(text):
            if text[at] == 1:
                yield literal, text[at + 1] + 256 * text[at + 2], None
                literal, at = b"", at + 3
            elif text[at] == 2:
                minutes = text[at + 2] + 256 * text[at + 3] - 1440
                yield literal, TIME_COLUMN, (text[at + 1], minutes)
                literal, at = b"", at + 4
            else:
                literal, at = literal + text[at:at + 1], at + 1
        yield literal, None, None


def pattern_pieces(pattern):
    """What a template needs: 3 a number, 4 an id of so many bytes, 5 the container, else text."""
    at = 0
    while at < len(pattern):
        if pattern[at] == 4:
            yield 4, pattern[at + 1]
            at += 2
        else:
            yield pattern[at], pattern[at:at + 1]
            at += 1


def spell_time(nanos, form):
    style, minutes = form
    seconds, fraction = divmod(nanos + minutes * 60 * 10**9, 10**9)
    text = (datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)).isoformat()
    if style & 0x10:
        text = text.replace("T", "t")
    digits = "%09d" % fraction
    digits = digits.rstrip("0") if style & 0x0F == 15 else digits[:style & 0x0F]
    return (text + ("." + digits if digits else "")).encode()


def spell_decimal(value, scale, trim):
    digits = str(abs(value)).rjust(scale + 1, "0")
    whole, behind = digits[:-scale], digits[-scale:]
    if trim:
        behind = behind.rstrip("0") or "0"
    return (("-" if value < 0 else "") + whole + "." + behind).encode()


def spell_id(data, kind):
    text = data.hex()
    if kind == HEX_UPPER:
        text = text.upper()
    if kind == UUID:
        text = "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
    return text.encode()


class Block:
    def __init__(self, data, header, schema):
        self.header, self.schema = header, schema
        self.parts = {}
        at = 0
        for number, length, crc in header.parts:
            part = data[at:at + length]
            if crc32c(part) != crc:
                raise ValueError("CRC of part %d" % number)
            self.parts[number] = part
            at += length
        if hashlib.sha256(data[:at]).digest() != header.fields[6]:
            raise ValueError("SHA-256 of a block")
        self.shapes = integers(Reader(self.parts[0]), header.count)

    def column_values(self, column, count):
        """An iterator over the spelled values, or for messages over what spells them."""
        _, kind, parameter = self.schema.columns[column]
        reader = Reader(self.parts.get(4 + 2 * column, b""))
        if kind in (JSON, TEXT):
            lengths = integers(reader, count)
            data = Reader(unpack(reader, sum(lengths)))
            return iter([data.bytes(length) for length in lengths])
        if kind in (HEX, HEX_UPPER, UUID):
            return iter(self.ids(reader, column, kind, parameter, count))
        if kind == MESSAGE:
            return iter(self.messages(reader, column, count))
        values = integers(reader, count)
        if kind == WORD:
            return iter([self.schema.words[column][value] for value in values])
        if kind == TRUTH:
            return iter([(b"false", b"true", b"null")[value] for value in values])
        if kind == INTEGER:
            return iter([str(value).encode() for value in values])
        return iter([spell_decimal(value, parameter, kind == DECIMAL) for value in values])

    def ids(self, reader, column, kind, parameter, count):
        width = 16 if kind == UUID else parameter
        head = min(width, 4)
        heads = unpack(reader, head * count)
        tails = unpack(Reader(self.parts.get(5 + 2 * column, b"")), (width - head) * count)
        for i in range(count):
            tail = tails[i * (width - head):(i + 1) * (width - head)]
            yield spell_id(heads[i * head:(i + 1) * head] + tail, kind)

    def messages(self, reader, column, count):
        patterns = [self.schema.words[column][code] for code in integers(reader, count)]
        pieces = [list(pattern_pieces(pattern)) for pattern in patterns]
        numbers = iter(integers(reader, sum(p[0] == 3 for list_ in pieces for p in list_)))
        data = Reader(unpack(reader, sum(p[1] for list_ in pieces for p in list_ if p[0] == 4)))
        for list_ in pieces:
            yield [str(next(numbers)).encode() if piece == 3 else
                   data.bytes(content).hex().encode() if piece == 4 else
                   None if piece == 5 else content for piece, content in list_]

    def lines(self):
        counts = {}
        for shape in self.shapes:
            for _, column, form in self.schema.shapes[shape]:
                if column is not None and form is None:
                    counts[column] = counts.get(column, 0) + 1
        values = {column: self.column_values(column, count) for column, count in counts.items()}
        moments = times(Reader(self.parts[4 + 2 * TIME_COLUMN]), self.header.count)
        for shape, moment in zip(self.shapes, moments):
            line, container = b"", b""
            for literal, column, form in self.schema.shapes[shape]:
                line += literal
                if form is not None:
                    line += spell_time(moment, form)
                elif column is not None:
                    value = next(values[column])
                    if isinstance(value, list):
                        value = b"".join(container if piece is None else piece for piece in value)
                    if self.schema.columns[column][0] == CONTAINER_PATH:
                        container = value
                    line += value
            yield line

    def runs(self):
        reader = Reader(self.parts[1])
        reader.varint()  # 1: the first run goes on with the last one of the block before
        count = reader.varint()
        names_reader = Reader(unpack(reader, reader.varint()))
        names = []
        while not names_reader.end():
            names.append(names_reader.text().decode())
        lists = [integers(reader, count) for _ in range(7)]
        received = offset = 0
        for events, time, kind, line_end, step, source, client in zip(*lists):
            received, offset = received + time, (offset + step) & MASK
            kind = ("http", "file", "kafka", "import")[kind - 1]
            yield events, received, kind, line_end, offset, names[source], names[client]


class Segment:
    def __init__(self, data):
        self.data = data
        trailer = data[-12:]
        if trailer[:4] != b"TLZ\x01" or crc32c(trailer[:8]) != struct.unpack("<I", trailer[8:])[0]:
            raise ValueError("this is no segment")
        self.footer_bytes = struct.unpack("<I", trailer[4:8])[0]
        self.footer_at = len(data) - 12 - self.footer_bytes
        self.footer = fields(section(data[self.footer_at:-12], b"TLE"), FOOTER_FIELDS)
        reader = Reader(self.footer[7])
        self.headers = []
        while not reader.end():
            self.headers.append(BlockHeader(reader.text()))
        self.header_bytes = 12 + struct.unpack("<I", data[4:8])[0]
        if 8 in self.footer:
            self.read_schema(Reader(self.footer[8]))

    def read_schema(self, reader):
        self.schema_at, self.schema_bytes = reader.varint(), reader.varint()
        sha256 = reader.bytes(32)
        self.schema_copy_at, unpacked = reader.varint(), reader.varint()
        for at in (self.schema_at, self.schema_copy_at):
            stored = self.data[at:at + self.schema_bytes]
            if hashlib.sha256(stored).digest() == sha256:
                self.schema = Schema(unpack(Reader(stored), unpacked))
                return
        raise ValueError("both copies of the schema are damaged")

    def blocks(self):
        at = self.header_bytes
        for header in self.headers:
            at += header.section_bytes
            yield Block(self.data[at:at + header.parts_bytes], header, self.schema)
            at += header.parts_bytes


class Dump:
    """Prints bytes in hex, sixteen a line, with what they are beside the first of them."""

    def __init__(self, segment):
        self.segment, self.data, self.at = segment, segment.data, 0

    def heading(self, text):
        print("-- " + text)

    def show(self, count, what):
        for begin in range(0, count, 16):
            piece = self.data[self.at + begin:self.at + min(begin + 16, count)]
            line = "%04x  %-47s  %s" % (self.at + begin, piece.hex(" "), what if begin == 0 else "")
            print(line.rstrip())
        self.at += count

    def section(self, name, names):
        length = struct.unpack("<I", self.data[self.at + 4:self.at + 8])[0]
        end = self.at + 8 + length
        tag = self.data[self.at:self.at + 3].decode()
        self.heading(name)
        self.show(4, 'tag "%s", version 1' % tag)
        self.show(4, "fields: %d bytes" % length)
        while self.at < end:
            reader = Reader(self.data[self.at:end])
            kind, size = reader.byte(), reader.varint()
            self.show(reader.at, "field 0x%02x %s, %d bytes" % (kind, names[kind], size))
            self.show(size, "")
        self.show(4, "CRC-32C of the section so far")

    def run(self):
        segment = self.segment
        self.section("segment header", FOOTER_FIELDS)
        for header in segment.headers:
            self.section("block header: sequence %d, %d events" % (header.first, header.count),
                         BLOCK_FIELDS)
            for number, length, _ in header.parts:
                self.heading("part %d: %s, %d bytes" % (number, self.part_name(number), length))
                self.show(length, "")
        if segment.headers:
            self.heading("schema")
            self.show(segment.schema_bytes, "packed")
            if 9 in segment.footer:
                filter_bytes = segment.schema_copy_at - self.at
                self.heading("needle filter")
                self.show(1, "one section (2 to the power of 0)")
                self.show(16, "its seed, segment length, first places")
                self.show(filter_bytes - 17, "fingerprints")
            self.heading("schema, again")
            self.show(segment.schema_bytes, "packed")
        self.section("footer", FOOTER_FIELDS)
        self.heading("trailer")
        self.show(4, 'tag "TLZ", version 1')
        self.show(4, "footer: %d bytes" % segment.footer_bytes)
        self.show(4, "CRC-32C of the trailer so far")

    def part_name(self, number):
        if number in PART_NAMES:
            return PART_NAMES[number]
        path, kind, _ = self.segment.schema.columns[(number - 4) // 2]
        rest = ", what follows their first four bytes" if number % 2 else ""
        return "%s (%s)%s" % (path.replace("\x1f", ".") or "line", KINDS[kind], rest)


def main(arguments):
    options = [argument for argument in arguments if argument.startswith("--")]
    paths = [argument for argument in arguments if not argument.startswith("--")]
    if len(paths) != 1 or any(option not in ("--dump", "--runs") for option in options):
        sys.exit(__doc__)
    with open(paths[0], "rb") as file:
        segment = Segment(file.read())
    if "--dump" in options:
        Dump(segment).run()
        return
    for block in segment.blocks():
        for item in block.runs() if "--runs" in options else block.lines():
            if isinstance(item, bytes):
                sys.stdout.buffer.write(item + b"\n")
            else:
                print(*item)


if __name__ == "__main__":
    main(sys.argv[1:])
