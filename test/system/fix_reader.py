# SPDX-License-Identifier: BSD-3-Clause
"""A FIX log read by the rules of the protocol, slowly: what the tests compare with.

Messages are framed by BodyLength and believed when "10=" is where it leads and the sum is right.
Anything else is one garbled stretch, up to the next "8=FIX" behind SOH or a line end.
"""

import re
from collections import Counter

SOH = b'\x01'
BEGIN = re.compile(rb'8=(FIX\.4\.[0-4]|FIX\.5\.0|FIXT\.1\.1)\x01')
LENGTH = re.compile(rb'9=([0-9]{1,10})\x01')
NEXT = re.compile(rb'(?<=[\x01\r\n])8=FIX')
LONGEST = 65000


def frame(data, at):
    """(end, None) of the message at a place, or (None, the reason why it is none)."""
    begin = BEGIN.match(data, at)
    if not begin:
        return None, 'header_version' if data[at:at + 2] == b'8=' else 'field_order'
    length = LENGTH.match(data, begin.end())
    if not length:
        is_there = data[begin.end():begin.end() + 2] == b'9='
        return None, 'body_length' if is_there else 'field_order'
    trailer = length.end() + int(length.group(1))
    end = trailer + 7
    if end - at > LONGEST:
        return None, 'message_long'
    if data[length.end():length.end() + 3] != b'35=':
        return None, 'field_order'
    if end > len(data):
        return None, 'message_short'
    if data[trailer - 1:trailer] != SOH or data[trailer:trailer + 3] != b'10=':
        return None, 'body_length'
    total = b'%03d' % (sum(data[at:trailer]) % 256)
    return (end, None) if data[trailer + 3:end] == total + SOH else (None, 'checksum')


def fields(message):
    """[(tag, value)] of a message without data fields."""
    return [(int(tag), value) for tag, value in
            (field.split(b'=', 1) for field in message.rstrip(SOH).split(SOH))]


class Reading:
    """What a log holds."""

    def __init__(self, data):
        self.messages = []
        self.malformed = Counter()
        self.stray = b''  # what was passed over as garbled
        at = 0
        while at < len(data):
            if data[at] in b'\r\n':
                at += 1
                continue
            end, reason = frame(data, at)
            if reason is None:
                self.messages.append(data[at:end])
            else:
                self.malformed[reason] += 1
                found = NEXT.search(data, at + 1)
                end = found.start() if found else len(data)
                self.stray += data[at:end]
            at = end
        self.fields = [fields(message) for message in self.messages]
        self.by_type = Counter(dict(one)[35].decode() for one in self.fields)

    def gaps(self):
        """(gaps, messages lost) by MsgSeqNum, of each pair of who speaks and who listens."""
        expected, gaps, lost = {}, 0, 0
        for one in map(dict, self.fields):
            session, number = (one.get(49), one.get(56)), int(one[34])
            if number > expected.get(session, number):
                gaps += 1
                lost += number - expected[session]
            expected[session] = number + 1
        return gaps, lost
