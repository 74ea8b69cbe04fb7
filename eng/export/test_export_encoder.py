"""python3 -m unittest discover eng/export: exports small random networks of the same make as those that are published."""
import json
import pathlib
import tempfile
import types
import unittest
import zipfile

import torch
from torch import nn

import export_encoder

try:
    import torchaudio
except ImportError:
    torchaudio = None
try:
    import onnx
except ImportError:
    onnx = None


class SpeechLike(nn.Module):
    """Convolutions and a transformer with the signature of Wav2Vec2Model."""

    def __init__(self, argument="input_values"):
        super().__init__()
        self.convolutions = nn.Sequential(nn.Conv1d(1, 8, 10, 5), nn.GELU(), nn.Conv1d(8, 16, 8, 4), nn.GELU())
        self.layers = nn.ModuleList([nn.TransformerEncoderLayer(16, 2, 32, batch_first=True, norm_first=True) for _ in range(2)])

    def forward(self, input_values, attention_mask=None, output_hidden_states=False, return_dict=True):
        x = self.convolutions(input_values.unsqueeze(1)).transpose(1, 2)
        states = [x]
        for layer in self.layers:
            states.append(layer(states[-1]))
        return types.SimpleNamespace(last_hidden_state=states[-1], hidden_states=tuple(states))


class AstLike(SpeechLike):
    def __init__(self):
        super().__init__()
        self.config = types.SimpleNamespace(num_mel_bins=32, max_length=120)
        self.patches = nn.Conv2d(1, 16, 16, 10)

    def forward(self, input_values, output_hidden_states=False, return_dict=True):
        x = self.patches(input_values.unsqueeze(1).transpose(2, 3)).flatten(2).transpose(1, 2)
        return types.SimpleNamespace(last_hidden_state=self.layers[0](x), hidden_states=(x,))


class ClapLike(nn.Module):
    def __init__(self):
        super().__init__()
        self.convolutions = nn.Conv2d(1, 6, 3, 2)

    def forward(self, input_features, return_dict=True):
        return types.SimpleNamespace(last_hidden_state=self.convolutions(input_features))


class Forgetful(nn.Module):
    """Depends on how many clips it was traced with, as code that asks for shapes in Python may."""

    def forward(self, x):
        rows = [x[i].mean() for i in range(len(x))]
        return torch.stack([*rows, *[rows[0]] * (3 - len(rows))]).unsqueeze(1)[: max(len(x), 2)]


def make_tagger():
    """For 'module'."""
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(800, 8), nn.ReLU(), nn.Linear(8, 3), nn.Sigmoid())


def said_in(path):
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read(next(n for n in archive.namelist() if n.endswith("extra/merbench.json"))))


class ExportTests(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        torch.manual_seed(2)

    def path(self, name):
        return str(pathlib.Path(self.folder.name) / name)

    def test_speech_encoder_is_traced_for_any_number_of_clips(self):
        encoder = export_encoder.make_speech(SpeechLike().eval(), layer=1)
        export_encoder.export(encoder, self.path("a.pt"), {"sample-rate": 16000}, torch.randn(2, 3200))
        loaded = torch.jit.load(self.path("a.pt"))
        clips = torch.randn(5, 4000)
        torch.testing.assert_close(loaded(clips), encoder(clips), rtol=1e-4, atol=1e-5)
        self.assertEqual(said_in(self.path("a.pt")), {"input": "waveform", "sample-rate": 16000})

    def test_ast_and_clap_have_their_front_end_inside_with_gradients(self):
        for encoder, samples in ((export_encoder.make_ast(AstLike().eval()), 16000), (export_encoder.make_clap(ClapLike().eval()), 48000)):
            difference = export_encoder.export(encoder, self.path("b.pt"), {"sample-rate": 16000}, torch.randn(2, samples) * 0.1)
            self.assertLess(difference, 1e-4)
            clips = (torch.randn(3, samples) * 0.1).requires_grad_()
            embeddings = torch.jit.load(self.path("b.pt"))(clips)
            self.assertEqual(embeddings.dim(), 3)
            (gradient,) = torch.autograd.grad(embeddings.sum(), clips)
            self.assertGreater(gradient.norm().item(), 0)

    def test_a_file_that_answers_otherwise_is_not_kept(self):
        with self.assertRaises(SystemExit):
            export_encoder.export(Forgetful(), self.path("c.pt"), {}, torch.randn(1, 100))
        self.assertFalse(pathlib.Path(self.path("c.pt")).exists())

    def test_any_module_by_its_function_with_labels(self):
        labels = pathlib.Path(self.path("labels.txt"))
        labels.write_text("happy\nsad\n\ntender\n")
        export_encoder.main(["module", "--module", f"{__name__}:make_tagger", "--sample-rate", "800", "--seconds", "1", "--labels",
                             str(labels), "--output", self.path("d.pt")])
        self.assertEqual(said_in(self.path("d.pt"))["labels"], ["happy", "sad", "tender"])

    @unittest.skipIf(onnx is None, "needs onnx")
    def test_onnx_says_the_same(self):
        export_encoder.export(export_encoder.make_speech(SpeechLike().eval()), self.path("e.onnx"), {"sample-rate": 16000}, torch.randn(2, 3200),
                              opset=16)
        graph = onnx.load(self.path("e.onnx"))
        self.assertEqual(json.loads(graph.metadata_props[0].value)["sample-rate"], 16000)
        self.assertEqual(graph.graph.input[0].type.tensor_type.shape.dim[0].dim_param, "batch")

    @unittest.skipIf(torchaudio is None, "needs torchaudio")
    def test_spectrograms_are_torchaudios(self):
        clip = torch.randn(1, 16000) * 0.1
        known = torchaudio.compliance.kaldi.fbank(clip, htk_compat=True, sample_frequency=16000, use_energy=False, window_type="hanning",
                                                  num_mel_bins=128, dither=0.0, frame_shift=10)
        found = export_encoder.LogMel(16000, 512, 400, 160, 128, 20, 8000, "kaldi")(clip)[0]
        torch.testing.assert_close(found, known, rtol=0, atol=2e-3)
        for scale in ("slaney", "htk"):
            mel = torchaudio.transforms.MelSpectrogram(16000, 1024, 1024, 480, 50, 7000, n_mels=64, mel_scale=scale,
                                                       norm="slaney" if scale == "slaney" else None)(clip)
            found = export_encoder.LogMel(16000, 1024, 1024, 480, 64, 50, 7000, scale)(clip)[0]
            torch.testing.assert_close(found, 10 * torch.log10(mel[0].t().clamp(min=1e-10)), rtol=0, atol=2e-3)


if __name__ == "__main__":
    unittest.main()
