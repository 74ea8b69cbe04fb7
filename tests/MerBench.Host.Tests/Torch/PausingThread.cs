using MerBench.Host.Torch;

namespace MerBench.Host.Tests.Native;

/// <summary>A pause on a thread of its own, which lasts until it is told to end.</summary>
internal sealed class PausingThread : IDisposable
{
    private readonly ManualResetEventSlim _begun = new();
    private readonly ManualResetEventSlim _end = new();
    private readonly CancellationTokenSource _cancel = new();
    private readonly Thread _thread;

    public PausingThread(Action<ManualResetEventSlim>? work = null)
    {
        _thread = new Thread(() =>
        {
            try
            {
                using (Pause)
                {
                    Pause.Start(_cancel.Token);
                    _begun.Set();
                    if (work is null)
                        _end.Wait();
                    else
                        work(_end);
                }
            }
            catch (OperationCanceledException e)
            {
                Exception = e;
            }
        });
        _thread.Start();
    }

    public FinalizerPause Pause { get; } = new();

    public Exception? Exception { get; private set; }

    public bool WaitForBegin(int milliseconds = FinalizerPauseTests.Soon) => _begun.Wait(milliseconds);

    public void Cancel() => _cancel.Cancel();

    public bool End(int milliseconds = FinalizerPauseTests.Soon)
    {
        _end.Set();
        return _thread.Join(milliseconds);
    }

    public void Dispose()
    {
        Pause.Release();
        End();
    }
}
