using System.Collections.Immutable;

namespace Tallystick.Cli.Shell;

/// <summary>Where a shell's lines come from and where its words go: a terminal or a pipe.</summary>
internal abstract class Conversation : IDisposable
{
    /// <summary>The next line, or null when the person leaves or the input ends.</summary>
    public abstract Task<string?> ReadAsync(string prompt, CancellationToken cancel);

    public abstract void Say(IEnumerable<string> lines);

    public abstract void SayProblem(IEnumerable<string> lines);

    /// <summary>Runs something that Ctrl-C stops.</summary>
    public abstract Task<T> StoppableAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancel);

    /// <summary>Whether a person can be asked something back.</summary>
    public abstract bool CanAsk { get; }

    /// <summary>The width to fit tables into, or null.</summary>
    public abstract int? Width { get; }

    public virtual void Dispose()
    {
    }
}

/// <summary>Plain text in and out, one line each.</summary>
internal sealed class PipedConversation(TextReader input, TextWriter output, TextWriter error) : Conversation
{
    private readonly Lock gate = new();

    public override bool CanAsk => false;

    public override int? Width => null;

    // The console's input blocks whoever reads it, and a pipe may stay silent: whoever is told to stop does not wait.
    public override Task<string?> ReadAsync(string prompt, CancellationToken cancel) =>
        Task.Run(() => input.ReadLineAsync(CancellationToken.None).AsTask(), CancellationToken.None).WaitAsync(cancel);

    public override void Say(IEnumerable<string> lines) => Write(output, lines);

    public override void SayProblem(IEnumerable<string> lines) => Write(error, lines);

    public override Task<T> StoppableAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancel) =>
        work(cancel);

    private void Write(TextWriter writer, IEnumerable<string> lines)
    {
        lock (gate)
        {
            foreach (var line in lines)
                writer.WriteLine(line);
            writer.Flush();
        }
    }
}

/// <summary>A person at a terminal.</summary>
internal sealed class TerminalConversation(
    ITerminal terminal, TypedHistory history, Func<Vocabulary> vocabulary, bool plain) : Conversation
{
    private const string LeaveHint = "Type exit or press Ctrl-D to leave.";

    private readonly Screen screen = new(terminal, plain);

    /// <summary>Keys that came while something was running.</summary>
    private readonly Queue<Key> typedAhead = new();
    private string cut = string.Empty;

    public override bool CanAsk => true;

    public override int? Width => terminal.Width;

    public override async Task<string?> ReadAsync(string prompt, CancellationToken cancel)
    {
        var line = TypedLine.Empty with { Cut = cut };
        screen.Show(prompt, line);
        while (await NextKeyAsync(cancel) is { } key)
        {
            var wasEmpty = line.Text.Length == 0;
            (line, var outcome, var offers) =
                LineEditor.Press(line, key, history.Lines, before => Completer.Complete(before, vocabulary()));
            switch (outcome)
            {
                case KeyOutcome.Submitted:
                    return Submitted(prompt, line);
                case KeyOutcome.Left:
                    screen.Finish();
                    return null;
                case KeyOutcome.Cleared:
                    screen.Clear();
                    break;
                case KeyOutcome.Offered:
                    Offer(offers);
                    break;
                case KeyOutcome.Dropped when wasEmpty:
                    screen.Print([LeaveHint]);
                    break;
                case KeyOutcome.Edited or KeyOutcome.Dropped:
                default:
                    break;
            }
            screen.Show(prompt, line);
        }
        screen.Finish();
        return null;
    }

    public override void Say(IEnumerable<string> lines) => screen.Print(lines);

    public override void SayProblem(IEnumerable<string> lines) => screen.Print(lines);

    public override async Task<T> StoppableAsync<T>(
        Func<CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var watch = WatchForInterruptAsync(stop, over.Token);
        try
        {
            return await work(stop.Token);
        }
        finally
        {
            await over.CancelAsync();
            await watch;
        }
    }

    public override void Dispose()
    {
        history.Save();
        // A signal may end it in the middle of a line; what comes after begins on a line of its own.
        screen.Finish();
        terminal.Dispose();
        base.Dispose();
    }

    private string Submitted(string prompt, TypedLine line)
    {
        screen.Show(prompt, line);
        screen.Finish();
        cut = line.Cut;
        foreach (var each in line.Text.Split('\n'))
            history.Add(each.Trim());
        history.Save();
        return line.Text;
    }

    private void Offer(ImmutableArray<string> offers)
    {
        const int MostShown = 40;
        var shown = string.Join("  ", offers.Take(MostShown));
        screen.Print([offers.Length > MostShown ? shown + (plain ? " ..." : " …") : shown]);
    }

    private async Task<Key?> NextKeyAsync(CancellationToken cancel)
    {
        if (typedAhead.TryDequeue(out var early))
            return early;
        while (await terminal.Keys.WaitToReadAsync(cancel))
        {
            if (terminal.Keys.TryRead(out var key))
                return key;
        }
        return null;
    }

    private async Task WatchForInterruptAsync(CancellationTokenSource stop, CancellationToken over)
    {
        const int MostTypedAhead = 4096;
        try
        {
            while (typedAhead.Count < MostTypedAhead && await terminal.Keys.WaitToReadAsync(over))
            {
                while (terminal.Keys.TryRead(out var key))
                {
                    if (key.Kind == KeyKind.Interrupt)
                        await stop.CancelAsync();
                    else
                        typedAhead.Enqueue(key);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // What was running is done; the keys go to the next line.
        }
    }
}
