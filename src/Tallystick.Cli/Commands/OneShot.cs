using System.Text.Json;
using Tallystick.Cli.Running;
using Tallystick.Cli.Sentences;
using Tallystick.Cli.Shell;
using Tallystick.Client;

namespace Tallystick.Cli.Commands;

/// <summary>How one command answers.</summary>
/// <param name="Json">One JSON document on standard output, also for a problem.</param>
/// <param name="Plain">Only ASCII of our own.</param>
/// <param name="Wait">A payment is answered when it is delivered.</param>
/// <param name="Width">The terminal's width, or null without one.</param>
internal sealed record OutputOptions(bool Json = false, bool Plain = false, bool Wait = false, int? Width = null);

/// <summary>One command against a running node: its answer on standard output, a problem on standard error.</summary>
internal static class OneShot
{
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(
        Command command,
        TallystickClient client,
        OutputOptions options,
        TextWriter output,
        TextWriter error,
        CancellationToken cancel = default)
    {
        var onTerminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        var style = new AnswerStyle
        {
            Plain = options.Plain || !onTerminal || ShellOptions.IsPlainTerminal(),
            WaitForDelivery = options.Wait,
            Width = options.Width ?? (onTerminal ? Console.WindowWidth : null),
        };
        var answer = await new Execution(client, style).RunAsync(command, cancel);
        var code = Tell(answer, options, output, error);
        if (answer.Then is not { } wait || options.Json)
            return code;
        output.Flush();
        using var stop = new StopSignals();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, stop.Token);
        return Tell(await wait(either.Token), options, output, error);
    }

    /// <summary>
    /// Reads an answer once. The first one takes a third of a command's time, which can pass on another processor while
    /// the node is found and asked.
    /// </summary>
    public static void MakeReady() =>
        JsonSerializer.Deserialize("""{"tabs":[],"totals":[]}"""u8, ContractJson.Default.Balances);

    /// <summary>Writes an answer.</summary>
    /// <returns>Its exit code.</returns>
    public static int Tell(Answer answer, OutputOptions options, TextWriter output, TextWriter error)
    {
        Write(answer, options, output, error);
        return answer.ExitCode;
    }

    /// <summary>Writes what is wrong with a command line.</summary>
    /// <returns><see cref="ExitCodes.Usage"/>.</returns>
    public static int Refuse(string message, OutputOptions options, TextWriter output, TextWriter error)
    {
        return Tell(
            Execution.Failed(ExitCodes.Usage, Execution.UsageProblem(message)), options, output, error);
    }

    private static void Write(Answer answer, OutputOptions options, TextWriter output, TextWriter error)
    {
        if (options.Json)
        {
            output.WriteLine(answer.Json);
            return;
        }
        var writer = answer.ExitCode == ExitCodes.Ok ? output : error;
        foreach (var line in answer.Lines)
            writer.WriteLine(line);
        if (answer.ToConfirm is not null)
            writer.WriteLine(ResetSentences.NeedsYes);
    }
}
