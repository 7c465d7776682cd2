using System.Diagnostics;
using System.Text;

namespace Tallystick.Processes.Programs;

/// <summary>A started process whose output is collected, which can be typed into, waited for and killed.</summary>
internal sealed class ProgramProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();
    private readonly Lock gate = new();
    private readonly Task reading;
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int heard;

    private ProgramProcess(Process process)
    {
        this.process = process;
        reading = Task.WhenAll(Collect(process.StandardOutput, output), Collect(process.StandardError, errors));
    }

    /// <summary>How long what is waited for may take; longer where a machine is busy on purpose.</summary>
    public static TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(60);

    public int Id => process.Id;

    public string Output
    {
        get
        {
            lock (gate)
                return output.ToString();
        }
    }

    public string Errors
    {
        get
        {
            lock (gate)
                return errors.ToString();
        }
    }

    public static ProgramProcess Start(
        string file,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? folder = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        // What the developer has set must not steer the tests.
        foreach (var name in start.Environment.Keys.Where(
            k => k.StartsWith("TALLYSTICK_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        return new ProgramProcess(Process.Start(start)!);
    }

    /// <summary>Types a line.</summary>
    public Task TypeAsync(string line) => PressAsync(line + "\n");

    /// <summary>Presses keys.</summary>
    public async Task PressAsync(string keys)
    {
        await process.StandardInput.WriteAsync(keys);
        await process.StandardInput.FlushAsync();
    }

    public void EndInput() => process.StandardInput.Close();

    /// <summary>Waits until the text is in the output, after what was waited for before.</summary>
    public async Task HearAsync(string text)
    {
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            Task next;
            lock (gate)
            {
                var at = output.ToString().IndexOf(text, heard, StringComparison.Ordinal);
                if (at >= 0)
                {
                    heard = at + text.Length;
                    return;
                }

                next = changed.Task;
            }

            var left = Deadline - deadline.Elapsed;
            if (left <= TimeSpan.Zero || reading.IsCompleted && Unheard(text))
                throw new TimeoutException($"\"{text}\" was not said. {Everything}");
            await Task.WhenAny(next, reading, Task.Delay(left));
        }
    }

    /// <summary>Waits for the end and gives the exit code.</summary>
    public async Task<int> EndAsync()
    {
        using var expiry = new CancellationTokenSource(Deadline);
        try
        {
            await process.WaitForExitAsync(expiry.Token);
            await reading.WaitAsync(expiry.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"The program does not end. {Everything}", late);
        }

        return process.ExitCode;
    }

    /// <summary>Ends it as a crash does: nothing in it runs any more.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await EndAsync();
    }

    /// <summary>Sends a signal by the system's own tool.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, process.Id.ToString()]);
        await kill.WaitForExitAsync();
    }

    public string Everything => $"Output:\n{Output}\nErrors:\n{Errors}";

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private bool Unheard(string text)
    {
        lock (gate)
            return output.ToString().IndexOf(text, heard, StringComparison.Ordinal) < 0;
    }

    private async Task Collect(StreamReader from, StringBuilder to)
    {
        var buffer = new char[4096];
        while (await from.ReadAsync(buffer) is > 0 and var count)
        {
            TaskCompletionSource told;
            lock (gate)
            {
                to.Append(buffer, 0, count);
                (told, changed) = (
                    changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            told.SetResult();
        }
    }
}
