"""One attack step in eager PyTorch as a good user writes it: frozen parameters, evaluation mode, channels-last, a fused Adam on the sign of the gradient, autocast or TF32 where asked, no wait for the device within the loop.

Arguments: device, threads. Answers each line 'STEPS BATCH PRECISION' on stdin with seconds, or with what went wrong.
"""
import contextlib
import sys
import time

import torch
from torch import nn

device = torch.device(sys.argv[1])
torch.set_num_threads(int(sys.argv[2]))
is_gpu = device.type == "cuda"


def block(i, o, k=3, s=1, p=1):
    return nn.Sequential(nn.Conv2d(i, o, k, s, p), nn.BatchNorm2d(o), nn.ReLU(inplace=True))


network = nn.Sequential(
    block(1, 64, 5, 2, 2), block(64, 64), nn.MaxPool2d(2), nn.Dropout2d(0.3),
    block(64, 128), block(128, 128), nn.MaxPool2d(2), nn.Dropout2d(0.3),
    block(128, 256), block(256, 256), block(256, 384), block(384, 512), block(512, 256, 1, 1, 0),
    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(256, 8)).eval().requires_grad_(False).to(device, memory_format=torch.channels_last)


def wait():
    if is_gpu:
        torch.cuda.synchronize(device)


def attack(steps, batch, precision):
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision == "tf32"
    half = {"bf16": torch.bfloat16, "fp16": torch.float16}.get(precision)
    torch.manual_seed(1)
    clip = torch.randn(batch, 1, 313, 149, device=device).to(memory_format=torch.channels_last)
    labels = torch.rand(batch, 8, device=device)
    delta = torch.zeros_like(clip, requires_grad=True)
    optimiser = torch.optim.Adam([delta], lr=0.002, **({"fused": True} if is_gpu else {}))
    wait()
    start = time.perf_counter()
    for _ in range(steps):
        with torch.autocast(device.type, half) if half else contextlib.nullcontext():
            output = network(clip + delta)
        loss = nn.functional.mse_loss(output.float(), labels, reduction="sum")
        delta.grad = -torch.autograd.grad(loss, delta)[0].sign()
        optimiser.step()
        with torch.no_grad():
            delta.clamp_(-0.03, 0.03)
    wait()
    return time.perf_counter() - start


name = torch.cuda.get_device_name(device) if is_gpu else "CPU"
print(f"eager PyTorch {torch.__version__} on {name}", flush=True)
for line in sys.stdin:
    steps, batch, precision = line.split()
    try:
        print(attack(int(steps), int(batch), precision), flush=True)
    except RuntimeError as problem:
        print("failed:", str(problem).splitlines()[0], flush=True)
