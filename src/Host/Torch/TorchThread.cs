using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace MerBench.Host.Torch;

/// <summary>
/// The one thread that runs torch work, because dispose scopes and gradient modes belong to a thread. Work that does not end in time is
/// asked to stop, then left behind with its thread, and a fresh thread takes over: a plugin that hangs costs its own cell.
/// </summary>
public sealed class TorchThread : IDisposable
{
    // Who is told to end has something to save; a plugin that took too long has not.
    private static readonly TimeSpan GraceOfEnd = TimeSpan.FromSeconds(12),
        GraceOfLimit = TimeSpan.FromSeconds(5);

    private Worker _worker = new();

    /// <summary>Runs work and waits for it; exceptions come out as thrown.</summary>
    /// <param name="limit">How long it may take; with signs of life, how long it may give none.</param>
    /// <param name="signs">Given by the work; null where it gives none.</param>
    /// <exception cref="TimeLimitException">The work took longer than <paramref name="limit"/>.</exception>
    public T Run<T>(Func<CancellationToken, T> work, TimeSpan limit, CancellationToken cancel, SignsOfLife? signs = null)
    {
        signs?.Give();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var outcome = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        CancellationToken token = stop.Token;
        var pause = new FinalizerPause();
        _worker.Post(() =>
        {
            try
            {
                outcome.SetResult(RunPaused(work, pause, token));
            }
            catch (Exception e)
            {
                outcome.SetException(e);
            }
        });

        bool finished = WaitFor(outcome.Task, limit, cancel);
        while (!finished && !cancel.IsCancellationRequested && limit - signs?.Silence is { } rest && rest > TimeSpan.Zero)
            finished = WaitFor(outcome.Task, rest, cancel);
        bool timedOut = !finished && !cancel.IsCancellationRequested;
        if (!finished)
        {
            stop.Cancel();
            if (!WaitFor(outcome.Task, timedOut ? GraceOfLimit : GraceOfEnd, CancellationToken.None))
            {
                pause.Release();
                Abandon();
            }
        }

        if (timedOut)
            throw new TimeLimitException();
        if (!outcome.Task.IsCompleted)
            throw new OperationCanceledException(cancel);
        if (outcome.Task.Exception?.InnerException is { } failure)
            ExceptionDispatchInfo.Throw(failure);
        return outcome.Task.Result;
    }

    /// <summary>True after work was left behind; whatever it used may still be in use.</summary>
    public bool HasAbandonedWork { get; private set; }

    public void Dispose() => _worker.Dispose();

    private static T RunPaused<T>(Func<CancellationToken, T> work, FinalizerPause pause, CancellationToken token)
    {
        using (pause)
        {
            pause.Start(token);
            return work(token);
        }
    }

    private void Abandon()
    {
        HasAbandonedWork = true;
        ProcessEnd.NoteWorkLeft();
        _worker.Dispose();
        _worker = new Worker();
    }

    private static bool WaitFor(Task task, TimeSpan limit, CancellationToken cancel)
    {
        try
        {
            return task.Wait((int)Math.Min(Math.Ceiling(limit.TotalMilliseconds), int.MaxValue), cancel);
        }
        catch (OperationCanceledException)
        {
            return task.IsCompleted;
        }
        catch (AggregateException)
        {
            return true;
        }
    }

    private sealed class Worker : IDisposable
    {
        private readonly BlockingCollection<Action> _work = [];

        public Worker()
        {
            var thread = new Thread(
                () =>
                {
                    foreach (Action action in _work.GetConsumingEnumerable())
                        action();
                },
                maxStackSize: 16 << 20
            )
            {
                IsBackground = true,
                Name = "torch",
            };
            thread.Start();
        }

        public void Post(Action action) => _work.Add(action);

        public void Dispose() => _work.CompleteAdding();
    }
}
