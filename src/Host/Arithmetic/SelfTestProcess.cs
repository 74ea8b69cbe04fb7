using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using MerBench.Host.IO;

namespace MerBench.Host.Arithmetic;

/// <summary>Runs the self-test in a process of its own: oneDNN reads its variables once a process.</summary>
/// <param name="command">The program and arguments that run the self-test and write its findings to standard output as JSON.</param>
internal sealed class SelfTestProcess(IReadOnlyList<string> command)
{
    private const int MostMinutes = 2;

    public ArithmeticTry Try(ArithmeticSetting setting, CancellationToken cancel) => TryAsync(setting, cancel).GetAwaiter().GetResult();

    private async Task<ArithmeticTry> TryAsync(ArithmeticSetting setting, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromMinutes(MostMinutes));
        try
        {
            BufferedCommandResult result = await Cli.Wrap(command[0])
                .WithArguments(command.Skip(1))
                .WithEnvironmentVariables(setting.Variables.ToDictionary(v => v.Key, string? (v) => v.Value, StringComparer.Ordinal))
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(limit.Token)
                .ConfigureAwait(false);
            return result.ExitCode == 0
                ? new ArithmeticTry(setting.Name, Read(result.StandardOutput), null)
                : new ArithmeticTry(setting.Name, null, Describe(result));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new ArithmeticTry(
                setting.Name,
                null,
                FormattableString.Invariant($"the self-test did not end within {MostMinutes} minutes")
            );
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or JsonException)
        {
            return new ArithmeticTry(setting.Name, null, $"the self-test cannot be run: {e.Message}");
        }
    }

    private static ArithmeticFindings Read(string output)
    {
        // Native code may print before.
        int start = Math.Max(0, output.IndexOf('{', StringComparison.Ordinal));
        return JsonSerializer.Deserialize<ArithmeticFindings>(output[start..], ResultJson.Options)
            ?? throw new JsonException("it answered nothing");
    }

    private static string Describe(BufferedCommandResult result)
    {
        string last = result.StandardError.Trim().Split('\n')[^1];
        string how =
            result.ExitCode > 128
                ? FormattableString.Invariant($"signal {result.ExitCode - 128} ended the self-test")
                : FormattableString.Invariant($"the self-test ended with {result.ExitCode}");
        return last.Length == 0 ? how : $"{how}: {last}";
    }
}
