"""Speak a two-voice therapy dialogue with espeak-ng: `python e2e/make_recording.py OUT.wav [--turns N] [--stereo]`.

Writes OUT.wav (16-bit PCM, 16 kHz) and OUT.json beside it: [{start, end, speaker, text}], seconds.
"""

import argparse
import io
import itertools
import json
import subprocess
import wave
from pathlib import Path

import numpy as np

RATE = 16_000
PAUSE = 0.8  # seconds between turns
VOICES = {"therapist": ("en-gb+f3", "62", "150"), "patient": ("en-us+m7", "32", "160")}  # voice, pitch, words a minute
DIALOGUE = [
    ("therapist", "Hello, it is good to see you again. How have you been since our last session?"),
    ("patient", "Honestly, it has been a hard week. My anxiety at work has been really bad and I barely sleep."),
    ("therapist", "I am sorry to hear that. Can you tell me what happens when the anxiety starts?"),
    ("patient", "My heart races before every meeting. I keep thinking that my manager will say I am a failure."),
    ("therapist", "It sounds like that thought comes up quickly. What evidence do you have that you are a failure?"),
    ("patient", "Well, I did finish the project on time. But I feel worthless when someone criticises me."),
    ("therapist", "Let us try a breathing exercise together. Breathe in for four, hold for four, and out for six."),
    ("patient", "Okay. That actually helps a little. My shoulders feel less tense now."),
    ("therapist", "Good. How is your sleep? You told me that you wake up at night."),
    ("patient", "I wake at three in the morning and worry about money and about my relationship."),
    ("therapist", "What do you notice in your relationship with your partner at the moment?"),
    ("patient", "We argue a lot. I get angry, then I feel guilty, and I withdraw and do not talk for days."),
    ("therapist", "That must be lonely. Who else can you talk to when you feel like that?"),
    ("patient", "My sister. We lost our mother last year and the grief comes back in waves for both of us."),
    ("therapist", "Grief often does. What would your mother have said to you on such a day?"),
    ("patient", "She would have told me to be kind to myself. I never thought about it like that before."),
    ("therapist", "I would like you to keep a thought record this week. Would you be willing to try that?"),
    ("patient", "Yes. I will write down three thoughts every day and go for a walk after work."),
    ("therapist", "And we can plan one pleasant activity. What did you enjoy before you felt so depressed?"),
    ("patient", "I used to play the guitar. I will call my friend and play with him on Saturday."),
    ("therapist", "On a scale from zero to ten, how is your mood today?"),
    ("patient", "Maybe a five. It was a three last week, so I am feeling a bit more hopeful."),
    ("therapist", "I am glad. Shall we look at the panic on the train next time?"),
    ("patient", "Yes, please. I still avoid the train and I would like to talk about that."),
]


def speak(text, speaker):
    """Mono float samples at RATE."""
    voice, pitch, speed = VOICES[speaker]
    command = ["espeak-ng", "-v", voice, "-p", pitch, "-s", speed, "--stdout", text]
    spoken = subprocess.run(command, capture_output=True, check=True).stdout
    with wave.open(io.BytesIO(spoken)) as source:
        rate = source.getframerate()
        samples = np.frombuffer(source.readframes(source.getnframes()), dtype="<i2").astype(float)
    trimmed = np.trim_zeros(samples)
    times = np.arange(0, trimmed.size / rate, 1 / RATE)
    return np.interp(times, np.arange(trimmed.size) / rate, trimmed)


def record(turns):
    """Mono tracks by speaker (int16, equal length) and the truth of who said what when."""
    tracks = {name: [] for name in VOICES}
    truth, at = [], 0
    gap = np.zeros(int(PAUSE * RATE))
    for speaker, text in itertools.islice(itertools.cycle(DIALOGUE), turns):
        spoken = speak(text, speaker)
        truth.append(
            {"start": round(at / RATE, 3), "end": round((at + spoken.size) / RATE, 3), "speaker": speaker, "text": text}
        )
        for name, track in tracks.items():
            track.extend((spoken if name == speaker else np.zeros(spoken.size), gap))
        at += spoken.size + gap.size
    return {name: np.concatenate(track) for name, track in tracks.items()}, truth


def write_wav(path, channels):
    """Interleave channels with a quiet room behind them."""
    room = np.random.default_rng(7).normal(0, 12, (channels[0].size, len(channels)))
    samples = np.clip(np.stack(channels, axis=1) * 0.7 + room, -32768, 32767).astype("<i2")
    with wave.open(str(path), "wb") as target:
        target.setnchannels(len(channels))
        target.setsampwidth(2)
        target.setframerate(RATE)
        target.writeframes(samples.tobytes())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--turns", type=int, default=len(DIALOGUE))
    parser.add_argument("--stereo", action="store_true", help="therapist on the left, patient on the right")
    options = parser.parse_args()
    tracks, truth = record(options.turns)
    left, right = tracks["therapist"], tracks["patient"]
    write_wav(options.out, [left, right] if options.stereo else [left + right])
    options.out.with_suffix(".json").write_text(json.dumps(truth, indent=1))
    print(f"{options.out}: {truth[-1]['end']:.1f} s, {len(truth)} turns")


if __name__ == "__main__":
    main()
