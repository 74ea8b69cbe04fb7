#!/usr/bin/env python3
"""Writes reference.json: Mel spectrograms of a made-up signal, computed without MerBench.

  /usr/bin/python3 reference.py        # needs numpy and scipy; with torchaudio (0.13) also its cases

"librosa" cases are librosa's documented formulas, written anew with numpy and scipy's STFT, in float64: stft with a periodic Hann
window that lies in the middle of the frame, filters.mel (Slaney's scale or HTK's, norm='slaney' or None), power_to_db and
amplitude_to_db with ref, amin and top_db. "torchaudio" cases are computed by torchaudio itself.
"""
import json
import pathlib

import numpy as np
import scipy.signal


def signal(samples, rate):
    """Noise of a linear congruential generator beside a rising tone, with a silent beginning; the test computes the same."""
    state, noise = 12345, np.zeros(samples)
    for i in range(samples):
        state = (1103515245 * state + 12345) & 0x7FFFFFFF
        noise[i] = state / 0x40000000 - 1
    time = np.arange(samples) / rate
    tone = np.sin(2 * np.pi * (200 * time + 1000 * time**2))
    both = 0.1 * noise + 0.3 * tone
    both[: samples // 8] = 0
    return both.astype(np.float32).astype(np.float64)


def mel_to_hz(mel, htk):
    mel = np.asarray(mel, dtype=float)
    if htk:
        return 700 * (10 ** (mel / 2595) - 1)
    return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp(np.log(6.4) / 27 * (mel - 15)))


def hz_to_mel(hz, htk):
    if htk:
        return 2595 * np.log10(1 + hz / 700)
    return hz * 3 / 200 if hz < 1000 else 15 + np.log(hz / 1000) / (np.log(6.4) / 27)


def mel_filters(rate, n_fft, n_mels, fmin, fmax, htk, norm):
    bins = np.fft.rfftfreq(n_fft, 1 / rate)
    corners = mel_to_hz(np.linspace(hz_to_mel(fmin, htk), hz_to_mel(fmax, htk), n_mels + 2), htk)
    widths, ramps = np.diff(corners), np.subtract.outer(corners, bins)
    weights = np.array(
        [np.maximum(0, np.minimum(-ramps[i] / widths[i], ramps[i + 2] / widths[i + 1])) for i in range(n_mels)]
    )
    return weights * (2 / (corners[2:] - corners[:-2]))[:, None] if norm == "slaney" else weights


def stft(y, n_fft, hop, win, center):
    window = np.zeros(n_fft)
    start = (n_fft - win) // 2
    window[start : start + win] = scipy.signal.get_window("hann", win, fftbins=True)
    if center != "none":
        y = np.pad(y, n_fft // 2, mode=center)
    frames = np.lib.stride_tricks.sliding_window_view(y, n_fft)[::hop]
    return np.fft.rfft(frames * window, axis=1).T


def power_to_db(s, ref, amin, top_db):
    db = 10 * np.log10(np.maximum(amin, s)) - 10 * np.log10(max(amin, ref))
    return np.maximum(db, db.max() - top_db) if top_db else db


def librosa_case(y, rate, n_fft, hop, win, center, power, n_mels, fmin, fmax, htk, norm, output):
    s = mel_filters(rate, n_fft, n_mels, fmin, fmax, htk, norm) @ np.abs(stft(y, n_fft, hop, win, center)) ** power
    ref = s.max() if output.get("ref") == "max" else 1.0
    kind = output["as"]
    if kind == "power-to-db":
        s = power_to_db(s, ref, output.get("amin", 1e-10), output["top_db"])
    elif kind == "amplitude-to-db":
        amin = output.get("amin", 1e-5)
        s = power_to_db(s**2, ref**2, amin**2, output["top_db"])
    elif kind == "log":
        s = np.log(s + output["eps"])
    if output.get("per_clip") == "z-score":
        s = (s - s.mean()) / s.std()
    elif output.get("per_clip") == "min-max":
        s = (s - s.min()) / (s.max() - s.min())
    return s


def torchaudio_case(y, rate, n_fft, hop, win, power, n_mels, fmin, fmax, mel_scale, norm, top_db):
    import torch
    import torchaudio

    torch.set_default_dtype(torch.float64)
    mel = torchaudio.transforms.MelSpectrogram(
        rate, n_fft, win, hop, fmin, fmax, n_mels=n_mels, power=power, norm=norm, mel_scale=mel_scale
    )
    return torchaudio.transforms.AmplitudeToDB("power", top_db)(mel(torch.tensor(y))).numpy()


LIBROSA = {
    "slaney": (22050, 1024, 512, 1024, "constant", 2, 40, 0, 11025, False, "slaney", {"as": "power-to-db", "top_db": 80}),
    "reference-max": (22050, 512, 300, 400, "reflect", 2, 24, 50, 8000, False, "slaney",
                      {"as": "power-to-db", "ref": "max", "amin": 1e-8, "top_db": 60}),
    "amplitude": (16000, 512, 256, 512, "none", 1, 24, 0, 8000, True, None, {"as": "amplitude-to-db", "top_db": 0}),
    "log-z-score": (16000, 400, 200, 400, "reflect", 2, 24, 20, 7600, True, "slaney", {"as": "log", "eps": 1e-4, "per_clip": "z-score"}),
    "min-max": (16000, 512, 256, 512, "constant", 1, 16, 0, 8000, False, None, {"as": "linear", "per_clip": "min-max"}),
}
TORCHAUDIO = {
    "torchaudio-htk": (16000, 512, 256, 512, 2.0, 32, 0.0, 8000.0, "htk", None, None),
    "torchaudio-slaney": (16000, 512, 256, 400, 2.0, 32, 20.0, None, "slaney", "slaney", 80.0),
}
SAMPLES = 6000

cases = {name: librosa_case(signal(SAMPLES, case[0]), *case) for name, case in LIBROSA.items()}
cases.update((name, torchaudio_case(signal(SAMPLES, case[0]), *case)) for name, case in TORCHAUDIO.items())
# Frames, then bands.
written = {
    "samples": SAMPLES,
    "cases": {name: {"shape": list(case.T.shape), "values": [float(f"{v:.7g}") for v in case.T.ravel()]} for name, case in cases.items()},
}
pathlib.Path(__file__).with_name("reference.json").write_text(json.dumps(written, separators=(",", ":")) + "\n")
