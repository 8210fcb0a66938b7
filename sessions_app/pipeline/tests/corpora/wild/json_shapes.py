"""Builders for the JSON of speech services, with the fields that each service really writes."""

from typing import Any

from sessions_app.pipeline.tests.corpora.wild.model import Conversation, Word, punctuated, words

STARTS = (1.5, 5.25, 10.0, 15.75)
NAMES = ("Priya Raman", "Lin Gast")


def each(talk: Conversation) -> list[tuple[int, float, float, str]]:
    """Voice 0 or 1, start, end, text; a word takes a quarter of a second."""
    lines = enumerate(zip(STARTS, talk.texts, strict=True))
    return [(n % 2, start, start + 0.25 * len(text.split()), text) for n, (start, text) in lines]


def spoken(word: Word) -> dict[str, Any]:
    """An item of AWS Transcribe; a mark has no times."""
    said = {"alternatives": [{"confidence": "0.98", "content": word.text}]}
    if word.is_mark:
        return {**said, "type": "punctuation"}
    return {**said, "type": "pronunciation", "start_time": f"{word.start:.3f}", "end_time": f"{word.end:.3f}"}


def aws(talk: Conversation) -> dict[str, Any]:
    items, segments = [], []
    for voice, start, _, text in each(talk):
        cut = words(text, start)
        items += [spoken(word) for word in cut]
        times = {"start_time": f"{start:.3f}", "end_time": f"{cut[-1].end:.3f}", "speaker_label": f"spk_{voice}"}
        own = [
            {"start_time": f"{word.start:.3f}", "end_time": f"{word.end:.3f}", "speaker_label": f"spk_{voice}"}
            for word in cut
            if not word.is_mark
        ]
        segments.append({**times, "items": own})
    results = {
        "transcripts": [{"transcript": " ".join(talk.texts)}],
        "speaker_labels": {"speakers": 2, "segments": segments},
        "items": items,
    }
    return {"jobName": "session", "accountId": "111122223333", "results": results, "status": "COMPLETED"}


def aws_labelled_items(talk: Conversation) -> dict[str, Any]:
    """The newer form: each item has its speaker, and audio_segments repeat the whole."""
    items: list[dict[str, Any]] = []
    segments = []
    for voice, start, end, text in each(talk):
        first = len(items)
        for word in words(text, start):
            items.append({"id": len(items), **spoken(word), "speaker_label": f"spk_{voice}"})
        segments.append(
            {
                "id": len(segments),
                "transcript": text,
                "start_time": f"{start}",
                "end_time": f"{end}",
                "speaker_label": f"spk_{voice}",
                "items": list(range(first, len(items))),
            }
        )
    results = {"transcripts": [{"transcript": " ".join(talk.texts)}], "items": items, "audio_segments": segments}
    return {"jobName": "session", "results": results, "status": "COMPLETED"}


def aws_channels(talk: Conversation) -> dict[str, Any]:
    channels = [
        {
            "channel_label": f"ch_{own}",
            "items": [spoken(w) for v, s, _, t in each(talk) if v == own for w in words(t, s)],
        }
        for own in (0, 1)
    ]
    results = {
        "transcripts": [{"transcript": " ".join(talk.texts)}],
        "channel_labels": {"number_of_channels": 2, "channels": channels},
        "items": [spoken(w) for _, s, _, t in each(talk) for w in words(t, s)],
    }
    return {"jobName": "session", "results": results, "status": "COMPLETED"}


def google_v1(talk: Conversation) -> dict[str, Any]:
    """With diarisation, the last result repeats all words, and only there they have their speaker."""
    plain, tagged = [], []
    for voice, start, end, text in each(talk):
        timed = [
            {"startTime": f"{word.start:.3f}s", "endTime": f"{word.end:.3f}s", "word": word.text}
            for word in punctuated(text, start)
        ]
        alternative = {"transcript": text, "confidence": 0.93, "words": timed}
        plain.append({"alternatives": [alternative], "resultEndTime": f"{end:.3f}s", "languageCode": "en-us"})
        tagged += [{**word, "speakerTag": voice + 1} for word in timed]
    return {"results": [*plain, {"alternatives": [{"words": tagged}]}], "totalBilledTime": "30s"}


def google_v1_without_speakers(talk: Conversation) -> dict[str, Any]:
    results = [
        {
            "alternatives": [
                {
                    "transcript": text,
                    "words": [
                        {"startTime": {"seconds": str(int(w.start)), "nanos": round(w.start % 1 * 1e9)}, "word": w.text}
                        for w in punctuated(text, start)
                    ],
                },
                {"transcript": "a second guess that nobody said"},
            ],
            "languageCode": "en-us",
        }
        for _, start, _, text in each(talk)
    ]
    return {"results": results}


def google_v2(talk: Conversation) -> dict[str, Any]:
    results = []
    for voice, start, end, text in each(talk):
        timed = [
            {"startOffset": f"{w.start}s", "endOffset": f"{w.end}s", "word": w.text, "speakerLabel": str(voice + 1)}
            for w in punctuated(text, start)
        ]
        alternative = {"transcript": text, "confidence": 0.9, "words": timed}
        results.append({"alternatives": [alternative], "resultEndOffset": f"{end}s", "languageCode": "en-US"})
    return {"results": results, "metadata": {"totalBilledDuration": "30s"}}


def assemblyai(talk: Conversation) -> dict[str, Any]:
    """Milliseconds; the text stands there three times: whole, as words and as utterances."""
    utterances = [
        {
            "speaker": "AB"[voice],
            "start": round(start * 1000),
            "end": round(end * 1000),
            "confidence": 0.95,
            "text": text,
            "words": [
                {
                    "text": word.text,
                    "start": round(word.start * 1000),
                    "end": round(word.end * 1000),
                    "confidence": 0.95,
                    "speaker": "AB"[voice],
                }
                for word in punctuated(text, start)
            ],
        }
        for voice, start, end, text in each(talk)
    ]
    flat = [word for one in utterances for word in one["words"]]
    return {"id": "6f0c", "status": "completed", "text": " ".join(talk.texts), "words": flat, "utterances": utterances}


def deepgram_words(talk: Conversation, voices: tuple[int, ...] = (0, 1)) -> list[dict[str, Any]]:
    return [
        {
            "word": word.text.lower().strip(".,?"),
            "start": word.start,
            "end": word.end,
            "confidence": 0.99,
            "speaker": voice,
            "punctuated_word": word.text,
        }
        for voice, start, _, text in each(talk)
        if voice in voices
        for word in punctuated(text, start)
    ]


def deepgram(talk: Conversation) -> dict[str, Any]:
    utterances = [
        {"start": start, "end": end, "confidence": 0.98, "channel": 0, "transcript": text, "speaker": voice, "id": "u"}
        for voice, start, end, text in each(talk)
    ]
    alternative = {"transcript": " ".join(talk.texts), "confidence": 0.98, "words": deepgram_words(talk)}
    return {
        "metadata": {"request_id": "9a1c", "duration": 19.2, "channels": 1},
        "results": {"channels": [{"alternatives": [alternative]}], "utterances": utterances},
    }


def deepgram_words_only(talk: Conversation) -> dict[str, Any]:
    alternative = {"transcript": " ".join(talk.texts), "confidence": 0.98, "words": deepgram_words(talk)}
    return {"metadata": {"duration": 19.2, "channels": 1}, "results": {"channels": [{"alternatives": [alternative]}]}}


def deepgram_channels(talk: Conversation) -> dict[str, Any]:
    """Two microphones: each channel has its own words, from start to end."""
    channels = []
    for own in (0, 1):
        cut = [{k: v for k, v in word.items() if k != "speaker"} for word in deepgram_words(talk, (own,))]
        said = " ".join(word["punctuated_word"] for word in cut)
        channels.append({"alternatives": [{"transcript": said, "confidence": 0.98, "words": cut}]})
    return {"metadata": {"duration": 19.2, "channels": 2}, "results": {"channels": channels}}


def deepgram_paragraphs(talk: Conversation) -> dict[str, Any]:
    paragraphs = [
        {
            "sentences": [{"text": text, "start": start, "end": end}],
            "start": start,
            "end": end,
            "num_words": len(text.split()),
            "speaker": voice,
        }
        for voice, start, end, text in each(talk)
    ]
    whole = "\n\n".join(f"Speaker {voice}: {text}" for voice, _, _, text in each(talk))
    alternative = {
        "transcript": " ".join(talk.texts),
        "words": deepgram_words(talk),
        "paragraphs": {"transcript": whole, "paragraphs": paragraphs},
    }
    return {"metadata": {"channels": 1}, "results": {"channels": [{"alternatives": [alternative]}]}}


def elements(text: str, start: float) -> list[dict[str, Any]]:
    """Rev's elements: spaces are marks, too."""
    found: list[dict[str, Any]] = []
    for word in words(text, start):
        if word.is_mark:
            found.append({"type": "punct", "value": word.text})
        else:
            space = [{"type": "punct", "value": " "}] if found else []
            found += [
                *space,
                {"type": "text", "value": word.text, "ts": word.start, "end_ts": word.end, "confidence": 1},
            ]
    return found


def rev_ai(talk: Conversation) -> dict[str, Any]:
    return {
        "monologues": [{"speaker": voice, "elements": elements(text, start)} for voice, start, _, text in each(talk)]
    }


def rev_com(talk: Conversation) -> dict[str, Any]:
    monologues = [
        {
            "speaker": voice,
            "elements": [
                {
                    "type": "text",
                    "value": text,
                    "timestamp": f"00:00:{start:06.3f}".replace(".", ","),
                    "end_timestamp": f"00:00:{end:06.3f}".replace(".", ","),
                }
            ],
        }
        for voice, start, end, text in each(talk)
    ]
    return {"speakers": [{"id": n, "name": name} for n, name in enumerate(NAMES)], "monologues": monologues}


def azure(talk: Conversation) -> dict[str, Any]:
    phrases = [
        {
            "recognitionStatus": "Success",
            "channel": 0,
            "speaker": voice + 1,
            "offset": f"PT{start}S",
            "duration": f"PT{end - start}S",
            "offsetInTicks": start * 1e7,
            "durationInTicks": (end - start) * 1e7,
            "nBest": [
                {"confidence": 0.9, "lexical": text.lower().strip(".?"), "display": text},
                {"confidence": 0.3, "lexical": "a second guess", "display": "A second guess that nobody said."},
            ],
        }
        for voice, start, end, text in each(talk)
    ]
    whole = [{"channel": 0, "display": " ".join(talk.texts)}]
    return {
        "source": "talk.wav",
        "durationInTicks": 192000000,
        "combinedRecognizedPhrases": whole,
        "recognizedPhrases": phrases,
    }
