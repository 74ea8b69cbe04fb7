"""One attack step as a good reading of Hoedt et al. (2025) does it in PyTorch: batch size one, evaluation mode, backward through everything, Adam on the sign of the gradient.

Written anew from the paper's description of its network. Waits for lines 'STEPS BATCH' on stdin, answers each with seconds.
"""
import sys
import time

import torch
from torch import nn

torch.set_num_threads(int(sys.argv[1]))


def block(i, o, k=3, s=1, p=1):
    return nn.Sequential(nn.Conv2d(i, o, k, s, p), nn.BatchNorm2d(o), nn.ReLU(inplace=True))


network = nn.Sequential(
    block(1, 64, 5, 2, 2), block(64, 64), nn.MaxPool2d(2), nn.Dropout2d(0.3),
    block(64, 128), block(128, 128), nn.MaxPool2d(2), nn.Dropout2d(0.3),
    block(128, 256), block(256, 256), block(256, 384), block(384, 512), block(512, 256, 1, 1, 0),
    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(256, 8)).eval()


def attack(steps, batch):
    torch.manual_seed(1)
    clip, labels = torch.randn(batch, 1, 313, 149), torch.rand(batch, 8)
    delta = torch.zeros_like(clip, requires_grad=True)
    optimiser = torch.optim.Adam([delta], lr=0.002)
    start = time.perf_counter()
    for _ in range(steps):
        optimiser.zero_grad()
        network.zero_grad()
        nn.functional.mse_loss(network(clip + delta), labels).backward()
        delta.grad = -delta.grad.sign()
        optimiser.step()
    return time.perf_counter() - start


print(f"PyTorch {torch.__version__}", flush=True)
for line in sys.stdin:
    print(attack(*map(int, line.split())), flush=True)
