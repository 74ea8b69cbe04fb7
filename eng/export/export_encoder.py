#!/usr/bin/env python3
"""Writes an encoder, or any other network, to TorchScript and ONNX with the waveform as its input.

    export_encoder.py mert --model m-a-p/MERT-v1-95M --layer 7 --output mert.pt
    export_encoder.py ast --model MIT/ast-finetuned-audioset-10-10-0.4593 --output ast.pt
    export_encoder.py module --module my_package.models:make_tagger --weights best.pth --sample-rate 16000 --output tagger.pt

What is written takes waveforms [B, N] in -1..1, brings them into the form that the network was trained on (normalisation, log-mel
spectrogram), and returns embeddings [B, T, D] or [B, D], or what the given module returns. The file says its sample rate, length and labels
("merbench.json"), and its answers are held to the module's own before it is kept. An output that ends in .onnx is a graph of ONNX, any
other a module of TorchScript.

Needs PyTorch; kinds other than 'module' need transformers (mert, wav2vec2, clap, ast) or muq (muq), which fetch weights under the
licences of their authors.
"""
import argparse
import importlib
import json
import math
import pathlib
import sys

import torch
from torch import nn

LARGEST_DIFFERENCE = 1e-4


class NormalisedWaveform(nn.Module):
    """Each clip to mean 0 and variance 1, as Wav2Vec2FeatureExtractor does with do_normalize."""

    def forward(self, waveform):
        mean = waveform.mean(dim=1, keepdim=True)
        variance = (waveform - mean).pow(2).mean(dim=1, keepdim=True)
        return (waveform - mean) / torch.sqrt(variance + 1e-7)


class LogMel(nn.Module):
    """Log-mel spectrogram [B, T, F] by a matrix product of frames, in which every exporter knows each operation.

    scale 'kaldi' is what ASTFeatureExtractor computes by torchaudio.compliance.kaldi.fbank (Hann window, no dither, 0.97 preemphasis);
    'slaney' and 'htk' are ClapFeatureExtractor's (centred frames, decibels).
    """

    def __init__(self, rate, fft, window, hop, bands, lowest, highest, scale):
        super().__init__()
        self.fft, self.window, self.hop, self.kaldi = fft, window, hop, scale == "kaldi"
        taper = torch.hann_window(window, periodic=not self.kaldi, dtype=torch.float64)
        time = torch.arange(window, dtype=torch.float64)
        angle = 2 * math.pi * torch.arange(fft // 2 + 1, dtype=torch.float64)[None] * time[:, None] / fft
        self.register_buffer("cosine", (taper[:, None] * torch.cos(angle)).float())
        self.register_buffer("sine", (taper[:, None] * torch.sin(angle)).float())
        self.register_buffer("filters", mel_filters(rate, fft, bands, lowest, highest, scale).float())

    def forward(self, waveform):
        if self.kaldi:
            frames = waveform.unfold(1, self.window, self.hop)
            frames = frames - frames.mean(dim=2, keepdim=True)
            before = torch.cat([frames[:, :, :1], frames[:, :, :-1]], dim=2)
            frames = frames - 0.97 * before
        else:
            half = self.fft // 2
            padded = nn.functional.pad(waveform.unsqueeze(1), (half, half), mode="reflect").squeeze(1)
            frames = padded.unfold(1, self.window, self.hop)
        power = torch.matmul(frames, self.cosine).pow(2) + torch.matmul(frames, self.sine).pow(2)
        mel = torch.matmul(power, self.filters)
        if self.kaldi:
            return torch.log(torch.clamp(mel, min=1.1920929e-07))
        return 10 * torch.log10(torch.clamp(mel, min=1e-10))


def mel_filters(rate, fft, bands, lowest, highest, scale):
    """Triangles [bins, bands]: Slaney's are linear in Hz with unit area, kaldi's linear in mel without."""
    bins = torch.arange(fft // 2 + 1, dtype=torch.float64) * rate / fft
    if scale == "slaney":
        edges = from_slaney(torch.linspace(to_slaney(lowest), to_slaney(highest), bands + 2, dtype=torch.float64))
        values = bins
    else:
        factor = 1127.0 if scale == "kaldi" else 2595.0 / math.log(10)
        mel = lambda hertz: factor * torch.log1p(torch.as_tensor(hertz, dtype=torch.float64) / 700)
        edges = torch.linspace(float(mel(lowest)), float(mel(highest)), bands + 2, dtype=torch.float64)
        values = mel(bins)
        if scale == "htk":
            edges, values = 700 * torch.expm1(edges / factor), bins
    rising = (values[:, None] - edges[None, :-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[None, 2:] - values[:, None]) / (edges[2:] - edges[1:-1])
    filters = torch.clamp(torch.minimum(rising, falling), min=0)
    if scale == "slaney":
        filters = filters * 2 / (edges[2:] - edges[:-2])
    if scale == "kaldi":
        filters[-1] = 0
    return filters


def to_slaney(hertz):
    return hertz * 3 / 200 if hertz < 1000 else 15 + 27 * math.log(hertz / 1000) / math.log(6.4)


def from_slaney(mel):
    return torch.where(mel < 15, mel * 200 / 3, 1000 * torch.exp(math.log(6.4) / 27 * (mel - 15)))


class FixedLength(nn.Module):
    """Spectrograms [B, T, F] cut or filled with zeros to the frames that the network's positions are for."""

    def __init__(self, frames):
        super().__init__()
        self.frames = frames

    def forward(self, spectrogram):
        return nn.functional.pad(spectrogram, (0, 0, 0, self.frames))[:, : self.frames]


class Encoder(nn.Module):
    """Waveform [B, N] through a front end and a network of transformers, to one layer's hidden states [B, T, D]."""

    def __init__(self, front_end, network, layer, argument):
        super().__init__()
        self.front_end, self.network, self.layer, self.argument = front_end, network, layer, argument

    def forward(self, waveform):
        states = self.network(**{self.argument: self.front_end(waveform)}, output_hidden_states=True, return_dict=True)
        return states.last_hidden_state if self.layer is None else states.hidden_states[self.layer]


class ImageEncoder(Encoder):
    """The same for networks whose states are maps [B, D, H, W] and that take [B, 1, T, F], as CLAP's: time and frequency become one."""

    def forward(self, waveform):
        states = self.network(**{self.argument: self.front_end(waveform).unsqueeze(1)}, return_dict=True).last_hidden_state
        return states.flatten(2).transpose(1, 2) if states.dim() == 4 else states


class Scaled(nn.Module):
    """AST's spectrograms as trained: less their mean, by twice their deviation."""

    def __init__(self, mean, deviation):
        super().__init__()
        self.mean, self.deviation = mean, deviation

    def forward(self, spectrogram):
        return (spectrogram - self.mean) / (2 * self.deviation)


def make_speech(network, layer=None, normalise=True):
    """MERT and wav2vec2: the waveform itself."""
    return Encoder(NormalisedWaveform() if normalise else nn.Identity(), network, layer, "input_values")


def make_ast(network, layer=None, mean=-4.2677393, deviation=4.5689974):
    mel = LogMel(16000, 512, 400, 160, network.config.num_mel_bins, 20, 8000, "kaldi")
    return Encoder(nn.Sequential(mel, FixedLength(network.config.max_length), Scaled(mean, deviation)), network, layer, "input_values")


def make_clap(network, scale="slaney"):
    mel = LogMel(48000, 1024, 1024, 480, 64, 50, 14000, scale)
    return ImageEncoder(mel, network, None, "input_features")


def from_transformers(kind, name, layer):
    """An encoder by its name on the hub, and what its file should say."""
    import transformers

    if kind == "clap":
        network = transformers.ClapAudioModel.from_pretrained(name)
        return make_clap(network), {"sample-rate": 48000, "length": 480000}
    loader = {"mert": transformers.AutoModel, "wav2vec2": transformers.Wav2Vec2Model, "ast": transformers.ASTModel}[kind]
    network = loader.from_pretrained(name, trust_remote_code=kind == "mert", attn_implementation="eager")
    if kind == "ast":
        return make_ast(network, layer), {"sample-rate": 16000}
    extractor = transformers.AutoFeatureExtractor.from_pretrained(name, trust_remote_code=kind == "mert")
    return make_speech(network, layer, extractor.do_normalize), {"sample-rate": extractor.sampling_rate}


def from_muq(name, layer):
    import muq

    class Muq(nn.Module):
        def __init__(self, network):
            super().__init__()
            self.network = network

        def forward(self, waveform):
            states = self.network(waveform, output_hidden_states=True)
            return states.last_hidden_state if layer is None else states.hidden_states[layer]

    return Muq(muq.MuQ.from_pretrained(name)), {"sample-rate": 24000}


def from_module(place, weights):
    """Whatever module:function returns, with weights where they are given."""
    sys.path.insert(0, ".")
    module, function = place.split(":")
    network = getattr(importlib.import_module(module), function)()
    if weights:
        state = torch.load(weights, map_location="cpu")
        network.load_state_dict(state.get("state_dict", state))
    return network, {}


def export(module, path, said, clips, opset=17):
    """Writes a module, and holds the file's answers to the module's on other clips than it was written with.

    :param said: what the file says about itself: sample-rate, length, labels.
    :param clips: waveforms [B, N] of the length that it is asked for.
    :returns: the largest difference, relative to the largest answer.
    """
    module = module.eval()
    for parameter in module.parameters():
        parameter.requires_grad_(False)
    said = {"input": "waveform", **said}
    path = pathlib.Path(path)
    if path.suffix == ".onnx":
        answer = write_onnx(module, path, said, clips, opset)
    else:
        answer = write_torchscript(module, path, said, clips)
    torch.manual_seed(1)
    other = torch.randn(clips.shape[0] + 1, clips.shape[1]) * 0.1
    with torch.no_grad():
        difference = max(relative(a, b) for a, b in zip(tensors(answer(other)), tensors(module(other))))
    if not difference <= LARGEST_DIFFERENCE:
        path.unlink()
        raise SystemExit(f"{path}: the file's answers are {difference:.1e} from the module's on other clips than it was traced with; "
                         "does forward depend on the numbers or the count of its clips? Write it so that torch.jit.script takes it.")
    if path.suffix != ".onnx":
        clips = with_gradient(other)
        torch.autograd.grad(sum(t.sum() for t in tensors(answer(clips)) if t.is_floating_point()), clips)
    return difference


def write_torchscript(module, path, said, clips):
    try:
        exported = torch.jit.script(module)
    except Exception:  # transformers' classes use more of Python than TorchScript has: these are traced
        exported = torch.jit.trace(module, with_gradient(clips), strict=False, check_trace=False)
    torch.jit.save(exported, str(path), _extra_files={"merbench.json": json.dumps(said)})
    return torch.jit.load(str(path))


def write_onnx(module, path, said, clips, opset):
    import onnx

    torch.onnx.export(module, with_gradient(clips), str(path), opset_version=opset, input_names=["waveform"], output_names=["output"],
                      dynamic_axes={"waveform": {0: "batch", 1: "samples"}, "output": {0: "batch"}})
    graph = onnx.load(str(path))
    graph.metadata_props.add(key="merbench.json", value=json.dumps(said))
    onnx.save(graph, str(path))
    try:
        import onnxruntime
    except ImportError:
        print("onnxruntime is not installed: MerBench compares the graph with it when it loads the file", file=sys.stderr)
        return module
    session = onnxruntime.InferenceSession(str(path))
    return lambda waveform: [torch.from_numpy(a) for a in session.run(None, {"waveform": waveform.numpy()})]


def with_gradient(clips):
    """Without one, PyTorch's transformer layers take a short cut that has no gradient, and that is what would be traced."""
    return clips.clone().requires_grad_()


def tensors(output):
    if torch.is_tensor(output):
        return [output]
    return [t for o in (output.values() if isinstance(output, dict) else output) for t in tensors(o)]


def relative(found, expected):
    return ((found - expected).abs().max() / expected.abs().max().clamp(min=1e-6)).item()


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["mert", "wav2vec2", "ast", "clap", "muq", "module"])
    parser.add_argument("--model", help="the name on the hub, or a folder")
    parser.add_argument("--layer", type=int, help="which hidden states; left out: the last ones")
    parser.add_argument("--module", help="kind module: package.module:function, which returns an nn.Module")
    parser.add_argument("--weights", help="kind module: a state dict to load")
    parser.add_argument("--sample-rate", type=int, help="kind module: the rate that it was trained at")
    parser.add_argument("--labels", help="a text file with the names of its outputs, one a line")
    parser.add_argument("--seconds", type=float, default=10, help="how long the clips are that it is written with")
    parser.add_argument("--output", required=True, help="ends in .pt or .onnx")
    given = parser.parse_args(arguments)
    needed = {"module": [given.module, given.sample_rate]}.get(given.kind, [given.model])
    if None in needed:
        parser.error("--module and --sample-rate are needed" if given.kind == "module" else "--model is needed")
    if given.kind == "module":
        module, said = from_module(given.module, given.weights)
    elif given.kind == "muq":
        module, said = from_muq(given.model, given.layer)
    else:
        module, said = from_transformers(given.kind, given.model, given.layer)
    said["sample-rate"] = given.sample_rate or said["sample-rate"]
    if given.labels:
        said["labels"] = pathlib.Path(given.labels).read_text().split("\n")
        said["labels"] = [label.strip() for label in said["labels"] if label.strip()]
    torch.manual_seed(0)
    clips = torch.randn(2, said.get("length", int(given.seconds * said["sample-rate"]))) * 0.1
    difference = export(module, given.output, said, clips)
    print(f"{given.output}: {json.dumps(said)}, {difference:.1e} from the module")


if __name__ == "__main__":
    main()
