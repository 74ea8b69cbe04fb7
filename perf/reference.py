"""The study's attack and adversarial training in PyTorch, to be measured in turn with MerBench.

Written anew from Hoedt et al. (2025): batch size one, evaluation mode, backward through everything, Adam on the sign of the gradient, and after each step the error and correlation on the host, which move a
threshold. With the path of a checkout of their repository, their own functions run instead.

Waits for lines on stdin: 'attack 1 STEPS' for one clip, 'epoch BATCHES STEPS' for adversarial batches of eight clips. Answers each with seconds and with how often the network predicted.
"""
import contextlib
import io
import math
import sys
import time

import torch
from torch import nn

torch.set_num_threads(int(sys.argv[1]))
checkout = sys.argv[2] if len(sys.argv) > 2 else None
CLIPS, RATE = 8, 0.002


def block(i, o, k=3, s=1, p=1):
    return nn.Sequential(nn.Conv2d(i, o, k, s, p), nn.BatchNorm2d(o), nn.ReLU())


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            block(1, 64, 5, 2, 2), block(64, 64), nn.MaxPool2d(2), nn.Dropout2d(0.3),
            block(64, 128), block(128, 128), nn.MaxPool2d(2), nn.Dropout2d(0.3),
            block(128, 256), block(256, 256), block(256, 384), block(384, 512), block(512, 256, 1, 1, 0),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(256, 8))

    def forward(self, x):
        return {"output": self.layers(x), "c_prob": None}


def perturb(network, clip, labels, steps):
    delta = torch.zeros_like(clip, requires_grad=True)
    optimiser = torch.optim.Adam([delta], lr=RATE)
    best, threshold = delta.detach().clone(), None
    for _ in range(steps):
        prediction = network(clip + delta)["output"]
        correlation = torch.corrcoef(torch.cat([labels, prediction.detach()]).cpu())[0, 1].item()
        if threshold is None:
            threshold = math.ceil(correlation * 10) / 10
        if correlation <= threshold:
            best, threshold = delta.detach().cpu().clone(), threshold - 0.1
        optimiser.zero_grad()
        nn.functional.mse_loss(prediction, labels).backward()
        delta.grad = -delta.grad.sign()
        optimiser.step()
    return (clip + best).detach()


def adversarial_epoch(network, batches, optimiser, steps):
    for clips, labels in batches:
        def step(inputs):
            network.train()
            optimiser.zero_grad()
            loss = nn.functional.mse_loss(network(inputs)["output"], labels)
            loss.backward()
            optimiser.step()
            loss.item()

        step(clips)
        network.eval()
        step(torch.cat([perturb(network, clip[None], rating[None], steps) for clip, rating in zip(clips, labels)]))


def of_checkout(path):
    """Their functions in place of ours. Where librosa is missing, the loudness that they compute after each attack is left out."""
    sys.path.insert(0, path)
    left_out = ""
    try:
        import librosa  # noqa: F401
    except ImportError:
        sys.modules["librosa"] = type(sys)("librosa")
        left_out = ", without librosa"
    import adversary.attacker as attacker
    import train_models.adv_train_funcs as training
    from train_models.vggstyle import Audio2Target

    if left_out:
        attacker.mel_spec_snr = lambda x, delta: 0.0

    def theirs(network, clip, labels, steps):
        config = dict(training.config, max_iters=steps)
        return attacker.Attacker(model=network, device=torch.device("cpu"), hparams=config, optimiser=torch.optim.Adam).compute_untargeted_adversary(clip, labels, compute_snr=False)[0]

    def epoch(network, batches, optimiser, steps):
        training.config["max_iters"] = steps
        loader = [(None, clips[:, 0], labels[:, :, None], torch.zeros(len(clips), 7, 1)) for clips, labels in batches]
        training.adv_train(network, loader, optimiser, nn.MSELoss(), training.config["every_n_epoch"], {"output": 1, "c_prob": 0}, "")

    return lambda: Audio2Target(num_targets=8), theirs, epoch, f"the study's code, PyTorch {torch.__version__}{left_out}"


create, attack, epoch, name = of_checkout(checkout) if checkout else (Network, perturb, adversarial_epoch, f"PyTorch {torch.__version__}")
torch.manual_seed(1)
model = create().eval()
print(name, flush=True)
calls = 0


def count_call(*_):
    global calls
    calls += 1


model.register_forward_hook(count_call)
for line in sys.stdin:
    calls = 0
    task, count, steps = line.split()
    torch.manual_seed(1)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        if task == "attack":
            clip, labels = torch.randn(1, 1, 313, 149), torch.rand(1, 8)
            model.eval()
            start = time.perf_counter()
            attack(model, clip, labels, int(steps))
        else:
            trained = create()
            trained.register_forward_hook(count_call)
            optimiser = torch.optim.Adam(trained.parameters(), lr=5e-4)
            batches = [(torch.randn(CLIPS, 1, 313, 149), torch.rand(CLIPS, 8)) for _ in range(int(count))]
            start = time.perf_counter()
            epoch(trained, batches, optimiser, int(steps))
        seconds = time.perf_counter() - start
    print(seconds, calls, flush=True)
