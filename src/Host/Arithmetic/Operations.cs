using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MerBench.Host.Arithmetic;

/// <summary>All that the self-test computes: what MER models are made of.</summary>
internal static class Operations
{
    private const long Clips = 8,
        Frames = 8,
        Wide = 24;

    /// <param name="withBFloat16">Whether attacks may compute in bfloat16 where this is asked.</param>
    /// <param name="convolve">What convolves; libtorch when left out.</param>
    public static IReadOnlyList<Operation> List(bool withBFloat16, Convolve? convolve = null)
    {
        convolve ??= Convolutions.ByTorch;
        return
        [
            .. Convolutions.List(convolve),
            .. Products(),
            .. Layers(),
            .. Sequences(),
            .. Spectra(),
            .. AttackForms(convolve, withBFloat16),
        ];
    }

    private static IEnumerable<Operation> Products()
    {
        yield return new Operation(
            "product of matrices",
            130,
            draw =>
            {
                Tensor left = draw.Normal(1, 70, 130);
                Tensor right = draw.Normal(1, 130, 90);
                return new Computation([left, right], () => left.matmul(right));
            }
        );
        foreach (long units in new long[] { 7, 33, 128 })
        {
            yield return new Operation(
                FormattableString.Invariant($"linear layer of {units}"),
                units * 4,
                draw =>
                {
                    Tensor input = draw.Normal(1, Clips, units * 2);
                    Tensor weight = draw.Normal(1, units, units * 2);
                    Tensor bias = draw.Normal(1, units);
                    return new Computation([input, weight, bias], () => functional.linear(input, weight, bias));
                }
            );
        }
    }

    private static IEnumerable<Operation> Layers()
    {
        foreach (bool isTraining in new[] { true, false })
        {
            yield return new Operation(
                $"batch norm, {(isTraining ? "training" : "evaluation")}",
                Clips * 99,
                draw =>
                {
                    Tensor input = draw.Normal(1, Clips, 12, 9, 11);
                    Tensor weight = draw.Normal(1, 12);
                    Tensor bias = draw.Normal(1, 12);
                    Tensor mean = draw.Normal(1, 12).detach();
                    Tensor variance = draw.Normal(1, 12).detach().square() + 0.5;
                    return new Computation(
                        [input, weight, bias],
                        () => functional.batch_norm(input, mean.clone(), variance.clone(), weight, bias, isTraining)
                    );
                }
            );
        }

        yield return new Operation(
            "layer norm",
            Wide,
            draw =>
            {
                Tensor input = draw.Normal(1, Clips, Frames, Wide);
                Tensor weight = draw.Normal(1, Wide);
                Tensor bias = draw.Normal(1, Wide);
                return new Computation([input, weight, bias], () => functional.layer_norm(input, [Wide], weight, bias));
            }
        );
        yield return OfMap("max pooling", 4, map => functional.max_pool2d(map, [2, 2], [2, 2]));
        yield return OfMap("average pooling", 9, map => functional.avg_pool2d(map, [3, 3], [2, 2]));
        yield return OfMap("adaptive average pooling", 20, map => functional.adaptive_avg_pool2d(map, [3, 2]));
        yield return OfMap("softmax", 11, map => functional.softmax(map, -1));
        yield return OfMap("GELU", 1, functional.gelu);
        yield return OfMap("sigmoid", 1, functional.sigmoid);
    }

    private static IEnumerable<Operation> Sequences()
    {
        const double Scale = 0.2;
        const long Units = 12;
        yield return new Operation(
            "GRU",
            Frames * Wide,
            draw =>
            {
                GRU layer = draw.Module(GRU(Wide, Units, batchFirst: true), Scale);
                Tensor input = draw.Normal(1, Clips, Frames, Wide);
                return new Computation([input, .. layer.parameters()], () => layer.call(input, null!).Item1);
            }
        );
        yield return new Operation(
            "LSTM",
            Frames * Wide,
            draw =>
            {
                LSTM layer = draw.Module(LSTM(Wide, Units, batchFirst: true), Scale);
                Tensor input = draw.Normal(1, Clips, Frames, Wide);
                return new Computation([input, .. layer.parameters()], () => layer.call(input, null).Item1);
            }
        );
        yield return new Operation(
            "attention",
            Frames * Wide,
            draw =>
            {
                Tensor query = draw.Normal(1, Clips, 2, Frames, Wide);
                Tensor key = draw.Normal(1, Clips, 2, Frames, Wide);
                Tensor value = draw.Normal(1, Clips, 2, Frames, Wide);
                return new Computation([query, key, value], () => functional.scaled_dot_product_attention(query, key, value));
            }
        );
    }

    private static IEnumerable<Operation> Spectra()
    {
        yield return new Operation(
            "FFT",
            1024,
            draw =>
            {
                Tensor input = draw.Normal(1, 2, 1024);
                return new Computation([input], () => view_as_real(fft.rfft(input)));
            }
        );
        yield return new Operation(
            "STFT",
            512,
            draw =>
            {
                Tensor input = draw.Normal(1, 2, 2048);
                return new Computation(
                    [input],
                    () =>
                    {
                        Tensor window = hann_window(512, dtype: input.dtype, device: input.device);
                        return view_as_real(stft(input, 512, 160, 512, window, return_complex: true)).square().sum(-1);
                    }
                );
            }
        );
    }

    // What a network's form with fixed weights is made of: patches, tiles of Winograd's filtering, maps with their channels last.
    private static IEnumerable<Operation> AttackForms(Convolve convolve, bool withBFloat16)
    {
        yield return new Operation(
            "product of patches",
            new Summands(25, 16 * 25, Clips * 30),
            draw =>
            {
                Tensor input = draw.Normal(1, Clips, 1, 9, 11);
                Tensor weight = draw.Normal(1, 16, 25);
                Tensor bias = draw.Normal(1, 16);
                Tensor Cut() => functional.unfold(input, 5, padding: 2, stride: 2).transpose(1, 2);
                return new Computation([input, weight, bias], () => functional.linear(Cut(), weight, bias));
            }
        );
        foreach (ScalarType type in withBFloat16 ? [ScalarType.Float32, ScalarType.BFloat16] : new[] { ScalarType.Float32 })
        {
            string format = type == ScalarType.BFloat16 ? ", bf16" : "";
            yield return new Operation(
                $"products of tiles{format}",
                64,
                draw =>
                {
                    Tensor tiles = draw.Normal(1, 36, 30, 64);
                    Tensor filters = draw.Normal(1, 36, 64, 48);
                    return new Computation([tiles, filters], () => bmm(tiles, filters));
                }
            )
            {
                Type = type,
            };
        }

        if (!withBFloat16)
            yield break;
        foreach (long channels in new long[] { 8, 16, 24, 64 })
        {
            yield return new Operation(
                FormattableString.Invariant($"convolution {channels} to {channels}, 3x3, bf16"),
                channels * 9,
                draw =>
                {
                    Tensor input = draw.Normal(1, Clips, channels, 9, 11);
                    Tensor weight = draw.Normal(1, channels, channels, 3, 3);
                    Tensor Lay() => input.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
                    return new Computation([input], () => convolve(Lay(), weight.detach(), 1, [1, 1]));
                }
            )
            {
                Type = ScalarType.BFloat16,
                FillsBlocks = channels % 16 == 0,
            };
        }
    }

    private static Operation OfMap(string name, double summands, Func<Tensor, Tensor> forward) =>
        new(
            name,
            summands,
            draw =>
            {
                Tensor input = draw.Normal(1, Clips, 12, 9, 11);
                return new Computation([input], () => forward(input));
            }
        );
}
