using System.Runtime.InteropServices;
using System.Text;
using MerBench.Host;
using MerBench.Host.Text;
using Microsoft.Win32.SafeHandles;

namespace MerBench.Tool.Display;

/// <summary>
/// Standard output and standard error, which may be closed, full, or gone while a program runs: what it found, and its exit code, do not
/// depend on them.
/// </summary>
internal static partial class StandardStreams
{
    private const int Input = 0,
        Output = 1,
        Errors = 2,
        GetFlags = 1,
        CloseOnExec = 1,
        ReadAndWrite = 2;

    // FIOCLEX. That fcntl does the same takes an argument which macOS on Arm passes elsewhere than .NET does.
    private static readonly nuint SetCloseOnExec = OperatingSystem.IsLinux() ? 0x5451u : 0x20006601u;

    private static LastingWriter? s_output;

    /// <summary>Whether standard output was something else than a terminal when the process began.</summary>
    public static bool IsOutputRedirected { get; private set; }

    /// <summary>To be called before anything is written, and before any file is opened.</summary>
    public static void Protect()
    {
        IsOutputRedirected = Console.IsOutputRedirected;
        if (OperatingSystem.IsWindows())
            WriteUtf8();
        // The next file that is opened would stand in place of a closed stream, and be written into.
        for (int stream = Input; !OperatingSystem.IsWindows() && stream <= Errors && Flags(stream, GetFlags) < 0; stream++)
            _ = OpenFile("/dev/null", ReadAndWrite);
        if (!IsInherited(Input))
            Console.SetIn(TextReader.Null);
        s_output = IsInherited(Output) ? new LastingWriter(Console.Out, () => LostOutput()) : null;
        Console.SetOut(s_output ?? TextWriter.Null);
        Console.SetError(IsInherited(Errors) ? new LastingWriter(Console.Error, () => { }) : TextWriter.Null);
    }

    // Consoles of Windows begin with an encoding that has neither frames of tables nor most letters.
    private static void WriteUtf8()
    {
        try
        {
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        }
        catch (IOException)
        {
            // There is no console.
        }
    }

    /// <summary>Keeps standard output for what the verb writes: what plugins and native code write to descriptor 1 goes to standard
    /// error.</summary>
    public static void KeepOutputFromGuests()
    {
        // The console writes to a copy of the descriptor that it made when it was first asked for.
        if (s_output is not null && !OperatingSystem.IsWindows())
            _ = Replace(Errors, Output);
    }

    /// <summary>For verbs whose only purpose is what they write to standard output.</summary>
    /// <exception cref="UserErrorException">Some of it is lost, as on a full disk. Where nobody reads on, nothing is.</exception>
    public static void RequireOutput()
    {
        if (s_output?.Failure is { } failure)
            throw new UserErrorException($"standard output is not whole: {failure}", ErrorKind.Environment);
    }

    /// <summary>
    /// Standard input and output for the caller alone: who reads from them, writes to them or closes them afterwards, plugins and native
    /// code included, reaches nothing and standard error instead.
    /// </summary>
    public static (Stream Input, Stream Output) Reserve()
    {
        if (OperatingSystem.IsWindows())
            return (Console.OpenStandardInput(), Console.OpenStandardOutput());
        var own = (Take(Input, FileAccess.Read), Take(Output, FileAccess.Write));
        int nothing = OpenFile("/dev/null", ReadAndWrite);
        _ = Replace(nothing, Input);
        _ = Replace(Errors, Output);
        return own;
    }

    private static FileStream Take(int stream, FileAccess access)
    {
        int own = Duplicate(stream);
        _ = Control(own, SetCloseOnExec);
        return new FileStream(new SafeFileHandle(own, ownsHandle: true), access, bufferSize: 0);
    }

    /// <summary>Keeps a handle that this process has inherited from those that it starts.</summary>
    public static void KeepFromChildren(SafeHandle handle)
    {
        // On Windows handles go to children only where the parent says so.
        if (!OperatingSystem.IsWindows())
            _ = Control((int)handle.DangerousGetHandle(), SetCloseOnExec);
    }

    private static void LostOutput() => Terminal.Warn($"warning: standard output cannot be written: {s_output?.Failure}");

    // .NET marks what it opens itself, and what a process inherits has no such mark. A closed stream has no flags, or is in use for
    // something of .NET's own.
    private static bool IsInherited(int stream) =>
        OperatingSystem.IsWindows() || Flags(stream, GetFlags) is >= 0 and var flags && (flags & CloseOnExec) == 0;

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Flags(int stream, int command);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(int stream, nuint request);

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int stream);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Replace(int stream, int place);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int access);

    /// <summary>Writes as long as that works, and then says once that it does not.</summary>
    private sealed class LastingWriter(TextWriter writer, Action lost) : TextWriter
    {
        /// <summary>Why nothing more is written; null while all is.</summary>
        public string? Failure { get; private set; }

        public override Encoding Encoding => writer.Encoding;

        public override void Write(char value) => Try(value, static (to, text) => to.Write(text));

        public override void Write(string? value) => Try(value, static (to, text) => to.Write(text));

        public override void Write(char[] buffer, int index, int count) =>
            Try(new ArraySegment<char>(buffer, index, count), static (to, text) => to.Write(text.AsSpan()));

        public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

        public override void WriteLine(string? value) => Write(value + NewLine);

        public override void Flush() => Try(0, static (to, _) => to.Flush());

        private void Try<T>(T text, Action<TextWriter, T> write)
        {
            if (Failure is not null)
                return;
            try
            {
                write(writer, text);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                Failure = GuestText.ReadMessage(e);
                lost();
            }
        }
    }
}
