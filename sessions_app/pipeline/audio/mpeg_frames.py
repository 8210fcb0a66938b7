"""Headers of the two formats that are a bare sequence of frames: MPEG audio (MP3) and AAC in ADTS."""

from collections.abc import Callable

FRAMES_TRIED = 3  # a UTF-16 byte order mark looks like one header, so three in a row are required
# kbit/s by (MPEG version is 1, layer), ISO 11172-3 2.4.2.3 and ISO 13818-3.
_BITRATES = {
    (True, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_FRAMES_AND_BYTES = 3  # flags of a Xing header that has both


def starts_with_mp3(head: bytes) -> bool:
    """Whether whole MPEG audio frames follow each other from the first byte on."""
    return _follow_each_other(head, mp3_frame_length)


def starts_with_adts(head: bytes) -> bool:
    """Whether whole ADTS frames follow each other from the first byte on."""
    return _follow_each_other(head, adts_frame_length)


def _follow_each_other(head: bytes, length_of: Callable[[bytes], int | None]) -> bool:
    at = 0
    for _ in range(FRAMES_TRIED):
        length = length_of(head[at : at + 6])
        if length is None:
            return False
        at += length
    return True


def mp3_frame_length(header: bytes) -> int | None:
    """Length in bytes of the MPEG audio frame with this 4-byte header; None if it is not a header."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:  # noqa: PLR2004 (the sync word)
        return None
    version, layer = header[1] >> 3 & 3, 4 - (header[1] >> 1 & 3)
    bitrate, rate, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if version == 1 or layer > 3 or bitrate in {0, 15} or rate > 2:  # noqa: PLR2004 (reserved values)
        return None
    newest = version == 3  # noqa: PLR2004 (MPEG 1)
    bits = _BITRATES[newest, layer][bitrate - 1] * 1000
    hertz = _RATES[version][rate]
    if layer == 1:
        return (12 * bits // hertz + padding) * 4
    samples = 1152 if newest or layer == 2 else 576  # noqa: PLR2004
    return samples // 8 * bits // hertz + padding


def adts_frame_length(header: bytes) -> int | None:
    """Length in bytes of the ADTS frame with this 6-byte header (ISO 13818-7 6.2); None if it is not a header."""
    if len(header) < 6 or header[0] != 0xFF or header[1] & 0xF6 != 0xF0:  # noqa: PLR2004 (sync word, layer 0)
        return None
    if header[2] >> 2 & 15 > 12:  # noqa: PLR2004 (reserved sample rates)
        return None
    length = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
    return length if length > 7 else None  # noqa: PLR2004 (the header itself)


def mp3_tells_length(head: bytes, size: int) -> bool:
    """Whether the length in an MP3's first frame can be believed for these bytes: of a file that was cut, it can."""
    found = _frames_and_bytes(head[:256])
    if found is None:
        return False
    frames, promised = found
    if promised > size * 1.02:
        return True
    # Recordings put behind each other are longer than the first knows; wrong numbers do not fit the frames.
    return promised > size * 0.98 and abs(promised / frames / _mean_frame(head) - 1) < 0.1  # noqa: PLR2004


def _frames_and_bytes(first: bytes) -> tuple[int, int] | None:
    """The numbers of frames and of bytes that a Xing or VBRI header promises."""
    at = max(first.find(b"Xing"), first.find(b"Info"))
    if at >= 0 and first[at + 7] & _FRAMES_AND_BYTES == _FRAMES_AND_BYTES:
        frames, size = first[at + 8 : at + 12], first[at + 12 : at + 16]
    elif (at := first.find(b"VBRI")) >= 0:
        frames, size = first[at + 14 : at + 18], first[at + 10 : at + 14]
    else:
        return None
    return max(1, int.from_bytes(frames, "big")), int.from_bytes(size, "big")


def _mean_frame(head: bytes) -> float:
    at, frames = 0, 0
    while length := mp3_frame_length(head[at : at + 4]):
        at, frames = at + length, frames + 1
    return at / frames
