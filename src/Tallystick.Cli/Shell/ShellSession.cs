using Tallystick.Cli.Commands;
using Tallystick.Cli.Sentences;
using Tallystick.Client;

namespace Tallystick.Cli.Shell;

/// <summary>How a shell is to run.</summary>
internal sealed record ShellOptions
{
    /// <summary>The first that is set names the terminal's encoding.</summary>
    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    /// <summary>Opens the terminal; null for piped input.</summary>
    public Func<ITerminal>? OpenTerminal { get; init; }

    /// <summary>Where typed lines are kept between runs, or null.</summary>
    public string? HistoryFile { get; init; }

    /// <summary>What the program was started for, done before anything is typed; or null.</summary>
    public Command? First { get; init; }

    /// <summary>Neither emoji nor arrows.</summary>
    public bool Plain { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Finds out what this process is attached to.</summary>
    /// <param name="plain">The person asked for plain text.</param>
    public static ShellOptions ForConsole(string? historyFile, bool plain)
    {
        var interactive = !Console.IsInputRedirected && !Console.IsOutputRedirected
            && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return new ShellOptions
        {
            OpenTerminal = interactive ? KeyTerminal.Open : null,
            HistoryFile = historyFile,
            Plain = plain || !interactive || IsPlainTerminal(),
        };
    }

    /// <summary>Whether the terminal asked for no decoration, or cannot show any.</summary>
    internal static bool IsPlainTerminal()
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")))
            return true;
        if (OperatingSystem.IsWindows())
            return Environment.GetEnvironmentVariable("WT_SESSION") is null;
        var locale = LocaleVariables
            .Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => !string.IsNullOrEmpty(value));
        var knowsUnicode = locale is not null
            && locale.Replace("-", string.Empty, StringComparison.Ordinal)
                .Contains("utf8", StringComparison.OrdinalIgnoreCase);
        return !knowsUnicode || Environment.GetEnvironmentVariable("TERM") == "linux";
    }
}

/// <summary>One person's conversation with a node: greeting, commands, notices, farewell.</summary>
internal sealed class ShellSession
{
    private const string Prompt = "> ";
    private const string WhichPrompt = "Which? ";

    private readonly TallystickClient client;
    private readonly ShellOptions options;
    private readonly Conversation conversation;
    private bool hintGiven;
    private bool anyFailed;
    private Vocabulary vocabulary = Vocabulary.Empty;

    private ShellSession(
        TallystickClient client, ShellOptions options, TextReader input, TextWriter output, TextWriter error)
    {
        this.client = client;
        this.options = options;
        conversation = options.OpenTerminal is { } open
            ? new TerminalConversation(
                open(), new TypedHistory(options.HistoryFile), () => Volatile.Read(ref vocabulary), options.Plain)
            : new PipedConversation(input, output, error);
    }

    /// <summary>Runs until the person leaves, the input ends, or it is cancelled.</summary>
    /// <returns>0 after a typed exit; after the end of piped input 1 if any line failed; 3 without a node.</returns>
    public static async Task<int> RunAsync(
        TallystickClient client,
        ShellOptions options,
        TextReader input,
        TextWriter output,
        TextWriter error,
        CancellationToken cancel = default)
    {
        var session = new ShellSession(client, options, input, output, error);
        using (session.conversation)
            return await session.RunAsync(cancel);
    }

    private async Task<int> RunAsync(CancellationToken cancel)
    {
        NodeInfo node;
        try
        {
            node = await client.GetNodeAsync(cancel);
        }
        catch (Exception broken) when (broken is NodeUnreachableException or TallystickException)
        {
            conversation.SayProblem([broken.Message]);
            return broken is NodeUnreachableException ? ExitCodes.NodeUnreachable : ExitCodes.Refused;
        }
        conversation.Say([NoticeSentences.Welcome, .. NoticeSentences.WhoIsHere(node)]);

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var teller = new NoticeTeller(client, conversation, options, node);
        var telling = teller.RunAsync(RefreshAsync, over.Token);
        try
        {
            if (options.First is { } first && await AnswerAsync(first, cancel) is { } exitCode)
                return exitCode;
            return await ConverseAsync(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return ExitCodes.Ok;
        }
        finally
        {
            await over.CancelAsync();
            await telling;
        }
    }

    private async Task<int> ConverseAsync(CancellationToken cancel)
    {
        while (await conversation.ReadAsync(Prompt, cancel) is { } text)
        {
            // Several lines at once were pasted: each is a command of its own.
            foreach (var line in text.Split('\n'))
            {
                if (await HandleAsync(line, cancel) is { } exitCode)
                    return exitCode;
            }
        }
        if (!conversation.CanAsk)
            return anyFailed ? ExitCodes.Refused : ExitCodes.Ok;
        Say(NoticeSentences.Goodbye, "👋");
        return ExitCodes.Ok;
    }

    /// <summary>Does what one line says; gives an exit code when it says to leave.</summary>
    private async Task<int?> HandleAsync(string line, CancellationToken cancel)
    {
        switch (Grammar.Read(line))
        {
            case Reading.NotUnderstood problem:
                anyFailed = true;
                conversation.SayProblem([Decorated(problem.Message, "🤷")]);
                break;
            case Reading.Understood { Command: Command.Exit exit }:
                Say(exit.Fondly ? NoticeSentences.Farewell : NoticeSentences.Goodbye, exit.Fondly ? "🫡" : "👋");
                return ExitCodes.Ok;
            case Reading.Understood understood:
                return await AnswerAsync(understood.Command, cancel);
            default:
                break;
        }
        return null;
    }

    /// <summary>Does it and tells the outcome; gives an exit code when the person, asked back, says to leave.</summary>
    private async Task<int?> AnswerAsync(Command command, CancellationToken cancel)
    {
        var style = new AnswerStyle { Plain = options.Plain, Width = conversation.Width };
        var execution = new Execution(client, style);
        Answer answer;
        try
        {
            answer = await conversation.StoppableAsync(stop => execution.RunAsync(command, stop), cancel);
            if (answer.WhichPeer is { Count: > 0 } names && conversation.CanAsk)
            {
                conversation.Say(answer.Lines);
                var typed = await conversation.ReadAsync(WhichPrompt, cancel) ?? string.Empty;
                if (Chosen(names, typed) is not { } peer)
                {
                    conversation.Say([NoticeSentences.NothingChosen]);
                    return Grammar.Read(typed) is Reading.Understood ? await HandleAsync(typed, cancel) : null;
                }
                answer = await conversation.StoppableAsync(
                    stop => execution.RunAsync((answer.LacksName ?? command).With(peer), stop), cancel);
            }
            if (answer.ToConfirm is { } toConfirm)
            {
                if (!await ConfirmAsync(answer, cancel))
                    return null;
                answer = await conversation.StoppableAsync(stop => execution.RunAsync(toConfirm, stop), cancel);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            anyFailed = true;
            conversation.SayProblem([NoticeSentences.Stopped(command is Command.Pay)]);
            return null;
        }

        Tell(command, answer);
        // What the person hears of anyway is not waited for; a pipe waits for nothing.
        if (answer is { Then: { } wait, IsToldAnyway: false } && conversation.CanAsk)
            Tell(command, await conversation.StoppableAsync(wait, cancel));
        if (answer.WasOwing && !hintGiven)
        {
            hintGiven = true;
            conversation.Say([NoticeSentences.DebtHint]);
        }
        await RefreshAsync(cancel);
        return null;
    }

    private void Tell(Command command, Answer answer)
    {
        if (answer.ExitCode == ExitCodes.Ok)
        {
            conversation.Say(answer.Lines);
            return;
        }
        anyFailed = true;
        // Proofs that fail are evidence, line by line; every other failure is one sentence.
        conversation.SayProblem(
            command is Command.Verify ? answer.Lines : answer.Lines.Select(line => Decorated(line, "🤷")));
    }

    /// <summary>Shows what would be done; a pipe cannot be asked, so it has to say yes beforehand.</summary>
    private async Task<bool> ConfirmAsync(Answer answer, CancellationToken cancel)
    {
        if (!conversation.CanAsk)
        {
            anyFailed = true;
            conversation.SayProblem([.. answer.Lines, ResetSentences.NeedsYes]);
            return false;
        }
        conversation.Say(answer.Lines);
        var typed = await conversation.ReadAsync(ResetSentences.YesPrompt, cancel);
        if (Line.Split(typed ?? string.Empty).Words is [var word] && word.Is("yes"))
            return true;
        conversation.Say([NoticeSentences.NothingChosen]);
        return false;
    }

    // Whoever would rather do something else types that; a name that is like a command is still a name.
    private static string? Chosen(IReadOnlyList<string> names, string typed)
    {
        var words = Line.Split(typed).Words;
        if (words.Count == 2 && (words[0].Is("from") || words[0].Is("to") || words[0].Is("with")))
            words = [words[1]];
        if (words.Count != 1)
            return null;
        return names.FirstOrDefault(name => name.Equals(words[0].Text, StringComparison.OrdinalIgnoreCase))
            ?? (Grammar.Read(typed) is Reading.Understood ? null : words[0].Text);
    }

    /// <summary>Learns the names and ids that Tab completes. Without a terminal nobody presses Tab.</summary>
    private async Task RefreshAsync(CancellationToken cancel)
    {
        if (!conversation.CanAsk)
            return;
        try
        {
            var peers = await client.GetPeersAsync(cancel);
            var recent = await client.GetHistoryAsync(peer: null, most: 50, before: null, cancel);
            var open = await client.GetSettlementsAsync(onlyOpen: true, cancel: cancel);
            Volatile.Write(ref vocabulary, new Vocabulary(
                [.. peers.Known.Select(peer => Harmless.Text(peer.Name))],
                [.. recent.Entries.Where(entry => entry is { Mine: true, State: PaymentStates.Queued })
                    .Select(entry => entry.Id)],
                [.. peers.Strangers.Select(stranger => stranger.Fingerprint)])
            {
                Settlements = [.. open.Settlements.Select(each => Harmless.Text(each.Id))],
            });
        }
        catch (Exception broken)
            when (broken is NodeUnreachableException or TallystickException or OperationCanceledException)
        {
            // Completion can do without; the next command will say what is wrong.
        }
    }

    private void Say(string sentence, string emoji) => conversation.Say([Decorated(sentence, emoji)]);

    private string Decorated(string sentence, string emoji) => options.Plain ? sentence : $"{emoji} {sentence}";
}
